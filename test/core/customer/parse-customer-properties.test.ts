import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { customerSchema } from '../../../schemas/customer.js';
import { parseCustomer } from '../../../src/core/customer/parse-customer.js';
import { refusedKeys } from '../../../src/core/mapping/path.js';
import { customerArbitrary } from './customer-arbitrary.js';

const fieldNames = Object.keys(customerSchema.shape);
const anything = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withNullPrototype: true,
  withObjectString: true,
  withTypedArray: true,
  withSparseArray: true,
  maxDepth: 4,
});
const hostileKey = fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf');

describe('parseCustomer', () => {
  it('takes every valid customer and changes nothing', () => {
    fc.assert(
      fc.property(customerArbitrary, (customer) => {
        const before = structuredClone(customer);
        expect(parseCustomer(customer)).toEqual({ ok: true, customer: before });
        expect(customer).toEqual(before);
      }),
      { numRuns: 500 },
    );
  });

  it('answers whatever it is given', () => {
    fc.assert(
      fc.property(anything, (input) => {
        expect(typeof parseCustomer(input).ok).toBe('boolean');
      }),
      { numRuns: 500 },
    );
  });

  it('answers whatever its fields are given', () => {
    const row = fc.dictionary(fc.constantFrom(...fieldNames), anything);
    fc.assert(
      fc.property(row, (input) => {
        const parsed = parseCustomer({ id: 'a', ...input });
        if (!parsed.ok) expect(parsed.problems.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  it('refuses every unknown key, at the top and in an address', () => {
    const unknown = fc.string({ minLength: 1, maxLength: 12 }).filter((key) => !refusedKeys.has(key));
    fc.assert(
      fc.property(customerArbitrary, unknown, fc.anything(), (customer, key, value) => {
        fc.pre(value !== undefined && !fieldNames.includes(key) && !['city', 'state', 'line1', 'line2'].includes(key));
        for (const input of [
          { ...customer, [key]: value },
          { ...customer, address: { [key]: value } },
        ]) {
          const parsed = parseCustomer(input);
          const fields = parsed.ok ? [] : parsed.problems.map(({ field }) => field);
          expect(fields.some((field) => field === key || field.startsWith(`address.${key}`))).toBe(true);
        }
      }),
    );
  });

  it('never lets a key reach a prototype', () => {
    const inherited = Object.getOwnPropertyNames(Object.prototype);
    const tree = fc.letrec((tie) => ({
      node: fc.oneof({ maxDepth: 4 }, fc.constantFrom('x', 1, null), tie('branch')),
      branch: fc
        .array(fc.tuple(fc.oneof(hostileKey, fc.constantFrom(...fieldNames, 'lago')), tie('node')), { maxLength: 4 })
        // Written as text first, since only then a key `__proto__` is a key like others.
        .map((pairs) => JSON.parse(`{${pairs.map(([key, value]) => `"${key}":${JSON.stringify(value)}`).join()}}`)),
    })).branch;
    fc.assert(
      fc.property(tree, (input) => {
        const parsed = parseCustomer(input);
        if (parsed.ok) expect(JSON.stringify(parsed.customer)).not.toMatch(/"(__proto__|constructor|prototype)":/);
        expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(inherited);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a message', () => {
  const canary = 'kanari9f3c';
  const spoiled = fc.oneof(
    fc.constantFrom(canary, ` ${canary}`, `${canary}\0`, `x@${canary}@y`, `http//${canary}`, [canary], { a: canary }),
    fc.constantFrom([[canary]], { [`k`]: { x: canary } }, 73_912_846, [73_912_846], true, -0.73912846),
  );

  it('never holds a value, and names the field and the kind', () => {
    const row = fc.dictionary(fc.constantFrom(...fieldNames), spoiled, { minKeys: 1 });
    fc.assert(
      fc.property(row, (input) => {
        const parsed = parseCustomer(input);
        const told = parsed.ok ? [] : parsed.problems;
        for (const { field, message } of told) {
          expect(message).not.toMatch(/kanari|73912846|73_912|7391/i);
          expect(fieldNames).toContain(field.split('.')[0]);
          expect(message.length).toBeGreaterThan(5);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
