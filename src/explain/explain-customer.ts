import type { Mapping, Rule } from '../../schemas/mapping.js';
import { canonicalPaths } from '../core/customer/canonical-paths.js';
import { CustomerSyncError } from '../core/errors.js';
import { type FieldOwnership, viewOf } from '../core/mapping/field-ownership.js';
import { compileGetter, parsePath } from '../core/mapping/path.js';
import { placesOf } from '../core/mapping/places.js';
import type { WriteMode } from '../core/mapping/report.js';
import { nearest } from '../core/nearest.js';
import type { EffectiveMapping, Standing } from '../lint/effective.js';
import { type GivenField, isPartOf } from './explain-row.js';
import { explainRule, type RuleExplanation } from './explain-rule.js';
import type { SourceTrace } from './trace-source.js';

export interface FieldExplanation extends RuleExplanation {
  /** Where the rule stands; the layer that has the last word first. */
  readonly stands: readonly Standing[];
  /** The fields of the customer that it takes, and how the row came to give them. */
  readonly given: readonly GivenField[];
}

export interface CustomerExplanation {
  readonly fields: readonly FieldExplanation[];
  /** Fields of the customer that no rule takes: the reason that the mapping gives. */
  readonly unsupported: Readonly<Record<string, string>>;
}

export interface ExplainInput {
  readonly mapping: Mapping;
  readonly effective: EffectiveMapping;
  readonly customer: unknown;
  readonly mode: WriteMode;
  /** Who owns which field at the connection. Absent: all are ours. */
  readonly ownership?: FieldOwnership | undefined;
  /** The field that customers are found by; a create has it whoever owns it. */
  readonly matchTarget: string;
  /** Only this field: one of the customer or one of the provider. */
  readonly field?: string | undefined;
  readonly given: (field: string) => GivenField;
}

/** Why a customer becomes what it becomes. @throws CustomerSyncError `config` for a field that nobody has. */
export function explainCustomer(input: ExplainInput): CustomerExplanation {
  const { mapping, effective, field, given } = input;
  const { unsupported = {} } = mapping;
  const chosen = effective.rules.filter(({ target, rule }) => field === undefined || concerns(field, target, rule));
  const reasons = Object.entries(unsupported).filter(([name]) => field !== undefined && isPartOf(field, name));
  if (field !== undefined && chosen.length === 0 && reasons.length === 0) throw unknownField(field, mapping);
  return {
    fields: chosen.map(({ target, rule, origins }) => {
      const explained = explainOwned(target, rule, input);
      return { ...explained, stands: origins, given: fieldsRead(rule, explained).map(given) };
    }),
    unsupported: Object.fromEntries(reasons),
  };
}

/** A rule sees only the fields that are ours at the connection. */
function explainOwned(
  target: string,
  rule: Rule,
  { mapping, customer, mode, ownership = {}, matchTarget }: ExplainInput,
): RuleExplanation {
  const seesAll = target === matchTarget && mode === 'create';
  const seen = seesAll ? customer : viewOf(ownership, mode)(customer);
  const explained = explainRule(mapping, target, seen, mode);
  const hidden = fieldsTaken(rule).filter((path) => {
    const get = compileGetter(parsePath(path));
    return get(customer) !== undefined && get(seen) === undefined;
  });
  if (hidden.length === 0) return explained;
  const message = `not ours at this connection, so ${mode === 'create' ? 'a create' : 'an update'} does not send it: ${hidden.join(', ')}`;
  const { policies, result } = explained;
  return {
    ...explained,
    policies: [...policies, { code: 'not_ours', message }],
    result: result.kind === 'nothing' ? { kind: 'nothing', because: message } : result,
  };
}

/** Whether a rule is about a field, which may be named as the customer or as the provider names it. */
function concerns(field: string, target: string, rule: Rule): boolean {
  return [target, ...fieldsTaken(rule)].some((path) => isPartOf(path, field) || isPartOf(field, path));
}

function fieldsTaken(rule: Rule): string[] {
  const taken = placesOf(rule).filter(({ scope, at }) => scope === 'customer' && at[0] !== 'reverse');
  return [...new Set(taken.map(({ path }) => path))];
}

/** Of the fields that a rule may take, those it came to read. */
function fieldsRead(rule: Rule, { source, policies }: RuleExplanation): string[] {
  const usesFallback = policies.some(({ code }) => code === 'fallback');
  return fieldsTaken(rule).filter((path) => usesFallback || pathsRead(source).includes(path));
}

function pathsRead({ reads, condition, tried = [] }: SourceTrace): string[] {
  return [
    ...reads.map(({ path }) => path),
    ...(condition?.asked ?? []).map(({ path }) => path),
    ...tried.flatMap(pathsRead),
  ];
}

function unknownField(field: string, { provider, fields }: Mapping): CustomerSyncError {
  const isCanonical = canonicalPaths.includes(field);
  const known = [...canonicalPaths, ...Object.keys(fields)];
  return new CustomerSyncError('config', {
    message: isCanonical
      ? `no rule of ${provider} takes ${field}, and it gives no reason`
      : `neither the customer nor ${provider} has a field "${field}"${nearest(field, known)}`,
    remedy: 'Name a field of the customer such as address.city, or one of the provider.',
  });
}
