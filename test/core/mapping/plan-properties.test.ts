import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Customer } from '../../../schemas/customer.js';
import { type Plan, planSchema } from '../../../schemas/outcome.js';
import { codePointLength, compileLimits } from '../../../src/core/mapping/limits.js';
import { compileGetter, parsePath } from '../../../src/core/mapping/path.js';
import { planUpsert, type Stored } from '../../../src/core/upsert/plan-upsert.js';
import { providerFieldsArbitraries } from '../../providers/provider-fields-arbitrary.js';
import { customerArbitrary } from '../customer/customer-arbitrary.js';
import { absent, mappings, record } from './plan-under-test.js';
import { storedAfterCreate } from './stored-records.js';

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) for (const member of Object.values(value)) deepFreeze(member);
  return Object.freeze(value);
}

function customersOf(provider: string): fc.Arbitrary<Customer> {
  const fields = providerFieldsArbitraries[provider] ?? fc.constant({});
  return fc
    .tuple(customerArbitrary, fc.option(fields, { nil: undefined }))
    .map(([customer, own]) => (own === undefined ? customer : { ...customer, provider_fields: { [provider]: own } }));
}

describe.each([...mappings])('at %s', (provider, mapping) => {
  const customers = customersOf(provider);
  const names = mapping.rules.map(
    ({ target, rule }) => parsePath(typeof rule.read === 'string' ? rule.read : target)[0],
  );
  const records: fc.Arbitrary<Stored> = fc
    .dictionary(fc.constantFrom(...names.filter((name) => name !== undefined)), fc.jsonValue(), {
      noNullPrototype: true,
    })
    .map(record);
  const stored = fc.oneof<fc.Arbitrary<Stored>[]>(
    fc.constant(absent),
    fc.constant({ kind: 'unread', providerId: 'p1' }),
    records,
  );

  function plan(customer: Customer, from: Stored): Plan | undefined {
    const result = planUpsert({ to: 'test', mapping, customer, stored: from });
    return result.kind === 'plan' ? result.plan : undefined;
  }

  it('every customer can be planned for, whatever is stored, and nothing is changed on the way', () => {
    fc.assert(
      fc.property(customers, stored, (customer, from) => {
        deepFreeze(customer);
        deepFreeze(from);
        const made = plan(customer, from);
        if (made !== undefined) expect(planSchema.safeParse(made).error).toBeUndefined();
        if (from.kind === 'record') mapping.observe(from.record, 'p1');
      }),
      { numRuns: 300 },
    );
  });

  it('an update sends a payload exactly where something changes', () => {
    fc.assert(
      fc.property(customers, records, (customer, from) => {
        const made = plan(customer, from);
        fc.pre(made !== undefined);
        expect(made.payload !== undefined).toBe(made.changes.length > 0);
        expect(made.action).toBe(made.changes.length > 0 ? 'update' : 'unchanged');
      }),
      { numRuns: 300 },
    );
  });

  it('no value in a payload is over a limit', () => {
    const rules = mapping.rules.map(({ target, rule }) => ({
      keyed: rule.keyed,
      check: compileLimits(rule),
      get: compileGetter(parsePath(target)),
    }));
    fc.assert(
      fc.property(customers, stored, (customer, from) => {
        const payload = plan(customer, from)?.payload;
        for (const { check, get } of rules) {
          const value = get(payload);
          if (value !== undefined && value !== null && value !== '') expect(check?.(value)?.kind).not.toBe('over');
        }
      }),
      { numRuns: 300 },
    );
  });

  it('a create holds what is required, and no empty text', () => {
    const required = mapping.rules.filter(({ rule }) => rule.required).map(({ target }) => target);
    const emptyText = (value: unknown): boolean =>
      value === '' || (typeof value === 'object' && value !== null && Object.values(value).some(emptyText));
    fc.assert(
      fc.property(customers, (customer) => {
        const payload = plan(customer, absent)?.payload;
        fc.pre(payload !== undefined);
        for (const target of required) expect(compileGetter(parsePath(target))(payload)).toBeTruthy();
        expect(emptyText(payload)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it('a customer that was created is unchanged', () => {
    fc.assert(
      fc.property(customers, (customer) => {
        const created = plan(customer, absent)?.payload;
        fc.pre(created !== undefined);
        const after = plan(customer, record(storedAfterCreate[provider]?.(created) ?? {}));
        expect(after).toMatchObject({ action: 'unchanged', changes: [] });
      }),
      { numRuns: 500 },
    );
  });

  it('a customer that was created and observed is the one that was sent', () => {
    fc.assert(
      fc.property(customers, (customer) => {
        const created = plan(customer, absent);
        fc.pre(created?.payload !== undefined);
        const { customer: observed } = mapping.observe(storedAfterCreate[provider]?.(created.payload) ?? {}, 'p1');
        for (const { rule, field, waysBack, read } of mapping.rules) {
          const reverse = waysBack[0]?.path;
          const plain = typeof rule.from === 'string' && rule.keyed === undefined && rule.items === undefined;
          if (!plain || read === undefined || reverse === undefined || rule.transform !== undefined) continue;
          const change = created.changes.find((one) => one.field === field);
          if (change !== undefined) expect(compileGetter(reverse)(observed)).toEqual(change.to);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('metadata at Lago', () => {
  const lago = mappings.get('lago');

  it('never has more than five entries, nor keys and values that are too long', () => {
    const entry = fc.record({ lago_id: fc.uuid(), key: fc.constantFrom('a', 'b', 'c', 'd', 'e'), value: fc.string() });
    const entries = fc.uniqueArray(entry, { maxLength: 5, selector: ({ key }) => key });
    fc.assert(
      fc.property(customerArbitrary, entries, (customer, metadata) => {
        const stored = record({ external_id: customer.id, metadata });
        const result = lago && planUpsert({ to: 'test', mapping: lago, customer, stored });
        const sent = result?.kind === 'plan' ? result.plan.payload?.['metadata'] : undefined;
        fc.pre(Array.isArray(sent));
        expect(sent.length).toBeLessThanOrEqual(5);
        for (const { key, value } of sent) {
          expect(codePointLength(key)).toBeLessThanOrEqual(20);
          if (!metadata.some((one) => one.value === value)) expect(codePointLength(value)).toBeLessThanOrEqual(100);
        }
      }),
    );
  });
});
