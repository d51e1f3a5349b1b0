import { describe, expect, it } from 'vitest';
import type { WriteMode } from '../../../src/core/mapping/report.js';
import { mapCustomer } from './mapping-under-test.js';
import { givenValues, type SemanticsRow, valueSemantics } from './value-semantics.js';

function fateOf(rule: SemanticsRow['rule'], value: unknown, mode: WriteMode): string {
  const customer = value === undefined ? {} : { name: value };
  const { payload, issues, warnings } = mapCustomer({ target: rule }, customer, mode);
  if (issues.length > 0) return 'error';
  if (warnings.some(({ code }) => code === 'cannot_clear')) return 'not cleared';
  return Object.hasOwn(payload, 'target') ? JSON.stringify(payload['target']) : 'nothing';
}

describe.each(valueSemantics)('$construct', ({ rule, create, update }) => {
  it.each(givenValues.map(([label, value], index) => ({ label, value, index })))('given $label', ({ value, index }) => {
    expect(fateOf(rule, value, 'create')).toBe(create[index]);
    expect(fateOf(rule, value, 'update')).toBe(update[index]);
  });
});
