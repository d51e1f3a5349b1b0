import { describe, expect, it } from 'vitest';
import type { Condition } from '../../../schemas/mapping.js';
import { compileCondition } from '../../../src/core/mapping/condition.js';
import { mapCustomer } from './mapping-under-test.js';

const cases: readonly [Condition, unknown, boolean][] = [
  [{ present: 'name' }, {}, false],
  [{ present: 'name' }, { name: null }, false],
  [{ present: 'name' }, { name: 'A' }, true],
  [{ present: 'name' }, { name: 0 }, true],
  [{ present: 'name' }, { name: false }, true],
  [{ present: 'name' }, { name: [] }, true],
  [{ present: 'name' }, { name: {} }, true],
  [{ present: 'metadata.toString' }, { metadata: {} }, false],
  [{ equals: ['type', 'company'] }, { type: 'company' }, true],
  [{ equals: ['type', 'company'] }, { type: 'Company' }, false],
  [{ equals: ['type', 'company'] }, {}, false],
  [{ equals: ['tax_exempt', false] }, { tax_exempt: false }, true],
  [{ equals: ['tax_exempt', false] }, { tax_exempt: 0 }, false],
  [{ equals: ['tax_exempt', false] }, {}, false],
  [{ equals: ['metadata.seats', 0] }, { metadata: { seats: 0 } }, true],
  [{ equals: ['metadata.seats', 0] }, { metadata: { seats: '0' } }, false],
  [{ equals: ['name', null] }, { name: null }, true],
  [{ equals: ['name', null] }, {}, false],
  [{ equals: ['address.city', null] }, { address: null }, true],
  [{ in: ['address.country', ['DE', 'AT']] }, { address: { country: 'AT' } }, true],
  [{ in: ['address.country', ['DE', 'AT']] }, { address: { country: 'CH' } }, false],
  [{ in: ['address.country', ['DE', 'AT']] }, {}, false],
  [{ in: ['metadata.n', [0, false]] }, { metadata: { n: false } }, true],
  [{ in: ['metadata.n', [0]] }, { metadata: { n: null } }, false],
  [{ not: { present: 'name' } }, {}, true],
  [{ not: { present: 'name' } }, { name: 'A' }, false],
  [{ all: [{ present: 'name' }, { present: 'email' }] }, { name: 'A', email: 'a@b.example' }, true],
  [{ all: [{ present: 'name' }, { present: 'email' }] }, { name: 'A' }, false],
  [{ any: [{ present: 'name' }, { present: 'email' }] }, { name: 'A' }, true],
  [{ any: [{ present: 'name' }, { present: 'email' }] }, {}, false],
  [{ not: { any: [{ present: 'name' }, { all: [{ present: 'email' }] }] } }, { phone: '+49' }, true],
];

describe('a condition', () => {
  it.each(cases)('%j over %j is %s', (condition, customer, holds) => {
    expect(compileCondition(condition)(customer)).toBe(holds);
  });
});

describe('a rule with `when`', () => {
  const when = { equals: ['type', 'company'] };

  it.each(['create', 'update'] as const)('says nothing on %s where the condition does not hold', (mode) => {
    const fields = { target: { from: 'name', when, clear: 'null' } };
    expect(mapCustomer(fields, { name: null, type: 'individual' }, mode).payload).toEqual({});
    expect(mapCustomer(fields, { name: 'A', type: 'individual' }, mode).payload).toEqual({});
    expect(mapCustomer(fields, { name: 'A', type: 'company' }, mode).payload).toEqual({ target: 'A' });
  });

  it('requires nothing where the condition does not hold', () => {
    const fields = { target: { from: 'name', when, required: true, fallback: ['id'] } };
    expect(mapCustomer(fields, { id: '1' })).toEqual({ payload: {}, issues: [], warnings: [] });
  });

  it('checks no limit where the condition does not hold', () => {
    const fields = { target: { from: 'name', when, max_length: 1 } };
    expect(mapCustomer(fields, { name: 'long' }).issues).toEqual([]);
  });

  it('holds for metadata as well', () => {
    const fields = { metadata: { from: 'metadata', when, keyed: { shape: 'map', write: 'merge' } } };
    expect(mapCustomer(fields, { metadata: { a: 1 } }).payload).toEqual({});
    expect(mapCustomer(fields, { metadata: { a: 1 }, type: 'company' }).payload).toEqual({ metadata: { a: 1 } });
  });
});
