import type { Example, Mapping } from '../../schemas/mapping.js';
import { parseCustomer } from '../core/customer/parse-customer.js';
import { deepEqual } from '../core/mapping/compare.js';
import { type CompiledMapping, compileMapping } from '../core/mapping/compile-mapping.js';
import { compileGetter, isRecord, parsePath } from '../core/mapping/path.js';
import type { Pointer } from '../core/mapping/places.js';
import type { MappingReport } from '../core/mapping/report.js';
import { fieldProblems } from '../core/zod-issues.js';
import type { OwnFields } from './field-type.js';
import type { Remark } from './finding.js';

/** Examples that do not come out as they say. @param mapping one without problems. */
export function exampleRemarks(mapping: Mapping, examples: readonly Example[], own: OwnFields | undefined): Remark[] {
  const compiled = compileMapping(mapping);
  return examples.flatMap((example, index) => [
    ...customerRemarks(example, ['examples', index, 'customer'], own),
    ...payloadRemarks(compiled, example, ['examples', index, 'payload']),
  ]);
}

function customerRemarks({ customer }: Example, at: Pointer, own: OwnFields | undefined): Remark[] {
  const parsed = parseCustomer(customer);
  const given = own === undefined ? undefined : compileGetter(['provider_fields', own.provider])(customer);
  const checked = given === undefined ? undefined : own?.fields.safeParse(given);
  const problems = [
    ...(parsed.ok ? [] : parsed.problems),
    ...(checked?.success === false ? fieldProblems(checked.error.issues, given) : []),
  ];
  return problems.map(({ field, message }) =>
    failing(at, `the customer is not valid: ${field} ${message}`, 'Correct the example.'),
  );
}

function payloadRemarks(compiled: CompiledMapping, example: Example, at: Pointer): Remark[] {
  const report: MappingReport = {};
  const payload = compiled.toPayload(example.customer, example.on ?? 'create', report);
  const issues = (report.issues ?? []).map(({ field, message }) => `${field} ${message}`);
  if (issues.length > 0)
    return [failing(at, `the mapping refuses it: ${issues.join('; ')}`, 'Correct the rule or the example.')];
  return differences(example.payload, payload, []).map(({ path, message }) =>
    failing([...at, ...path], message, 'Correct the rule or the example.'),
  );
}

interface Difference {
  readonly path: Pointer;
  readonly message: string;
}

function differences(expected: unknown, actual: unknown, path: Pointer): Difference[] {
  if (deepEqual(expected, actual)) return [];
  if (!isRecord(expected) || !isRecord(actual)) {
    if (expected === undefined) return [{ path, message: `the mapping sends ${JSON.stringify(actual)} here as well` }];
    if (actual === undefined) return [{ path, message: 'the mapping sends nothing here' }];
    return [{ path, message: `the mapping sends ${JSON.stringify(actual)} here` }];
  }
  const keys = [...new Set([...Object.keys(expected), ...Object.keys(actual)])];
  return keys.flatMap((key) => differences(expected[key], actual[key], [...path, key]));
}

/** Rules that no example shows. */
export function unshownRemarks({ fields, examples }: Mapping): Remark[] {
  return Object.keys(fields).flatMap((target) => {
    const get = compileGetter(parsePath(target));
    if (examples.some(({ payload }) => get(payload) !== undefined)) return [];
    const message = 'no example shows what this rule does';
    return [{ at: ['fields', target], code: 'no_example', message, remedy: 'Add the field to an example.' }];
  });
}

function failing(at: Pointer, message: string, remedy: string): Remark {
  return { at, code: 'example', message, remedy };
}
