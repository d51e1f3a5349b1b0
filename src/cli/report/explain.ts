import type { CustomerExplanation, FieldExplanation } from '../../explain/explain-customer.js';
import type { GivenField } from '../../explain/explain-row.js';
import type { Read, SourceTrace } from '../../explain/trace-source.js';
import type { Standing } from '../../lint/effective.js';
import { safeJson } from './values.js';

export interface Explanation extends CustomerExplanation {
  readonly customer_id: string;
  readonly provider: string;
  readonly at: string;
  readonly on: string;
  readonly problems: readonly { readonly field: string; readonly message: string }[];
}

/** The whole way of each field, from the row to what is sent. */
export function explanationText({ customer_id: id, provider, at, on, problems, ...explained }: Explanation): string {
  const { fields, unsupported } = explained;
  return `${[
    `${safeJson(id)} to ${provider}, as ${on === 'create' ? 'a create' : 'an update'} (${at})`,
    ...problems.map(
      ({ field, message }) => `! ${field}${field === '' ? '' : ': '}${message}; the customer is not sent`,
    ),
    ...fields.flatMap((field) => ['', ...fieldLines(field, problems.length === 0)]),
    ...Object.entries(unsupported).flatMap(([field, reason]) => ['', field, line('nothing', `unsupported: ${reason}`)]),
  ].join('\n')}\n`;
}

function fieldLines({ target, stands, given, source, policies, result }: FieldExplanation, isSent: boolean): string[] {
  return [
    target,
    line('rule', stands.map(placeText).join(' over ')),
    ...given.flatMap(givenLines),
    ...sourceLines(source, 'source'),
    ...policies.map(({ code, message }) => line('policy', `${code}: ${message}`)),
    resultLine(result, isSent),
  ];
}

function givenLines({ field, rule, cleaned }: GivenField): string[] {
  return [
    ...(rule === undefined
      ? []
      : [line('column', `${field} by ${placeText(rule)}`), ...sourceLines(rule.source, 'cell')]),
    ...cleaned.map(({ message, from, to }) =>
      line('cleaned', to === undefined ? `${show(from)}: ${message}` : `${show(from)} -> ${show(to)}: ${message}`),
    ),
  ];
}

function sourceLines(
  { kind, reads, condition, tried = [], steps, value, failed }: SourceTrace,
  label: 'cell' | 'source',
): string[] {
  return [
    ...(condition === undefined
      ? []
      : [line('when', `${condition.asked.map(readText).join(', ')}: ${condition.holds ? 'holds' : 'does not hold'}`)]),
    ...reads.map((read) => line(label, readText(read))),
    ...tried.flatMap((one) => sourceLines(one, label)),
    ...(kind === 'constant' && value !== undefined ? [line('constant', show(value))] : []),
    ...(kind === 'template' && steps.length === 0
      ? [line('template', failed ? 'cannot be written' : show(value))]
      : []),
    ...steps.map((step) =>
      line(
        typeof step.transform === 'string' ? step.transform : (Object.keys(step.transform)[0] ?? ''),
        step.failed ? 'cannot convert it' : show(step.value),
      ),
    ),
  ];
}

function readText(read: Read): string {
  return `${read.path} = ${'value' in read ? show(read.value) : 'absent'}`;
}

function resultLine(result: FieldExplanation['result'], isSent: boolean): string {
  switch (result.kind) {
    case 'sent':
      return line(isSent ? 'sent' : 'not sent', show(result.value));
    case 'nothing':
      return line('nothing', result.because);
    case 'error':
      return line('error', result.message);
  }
}

function line(label: string, text: string): string {
  return `  ${label.padEnd(12)}${text}`;
}

function placeText({ file, line: number }: Standing): string {
  return `${file}:${number}`;
}

function show(value: unknown): string {
  return value === undefined ? 'no value' : safeJson(value);
}
