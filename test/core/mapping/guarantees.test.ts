import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtInProviders } from '../../../integrations/registry.js';
import { compileMapping, parseMapping } from '../../../src/core/mapping/compile-mapping.js';
import type { WriteMode } from '../../../src/core/mapping/report.js';
import { customerArbitrary } from '../customer/customer-arbitrary.js';
import { compileFields } from './mapping-under-test.js';

describe.each(builtInProviders.map(({ definition, mapping }) => [definition.id, mapping] as const))(
  'the mapping of %s',
  (id, file) => {
    const compiled = compileMapping(parseMapping(file, id));

    it('changes nothing that it is given', () => {
      fc.assert(
        fc.property(customerArbitrary, fc.constantFrom<WriteMode>('create', 'update'), (customer, mode) => {
          const frozen = deepFreeze(structuredClone(customer));
          const payload = compiled.toPayload(frozen, mode, {});
          const record = deepFreeze(structuredClone(payload));
          expect(() => compiled.observe(record, 'p1')).not.toThrow();
        }),
      );
    });
  },
);

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) for (const member of Object.values(value)) deepFreeze(member);
  return Object.freeze(value);
}

describe('the time that mapping takes', () => {
  /** Milliseconds for one customer with so many keys, the best of some. */
  function timeFor(count: number): number {
    const keys = Array.from({ length: count }, (_, index) => `k${index}`);
    const fields = {
      list: {
        from: 'metadata',
        keyed: { shape: 'entries', write: 'replace', carry: { id: 'id' }, flag: { shown: 'provider_fields.x.shown' } },
      },
    };
    const [rule] = compileFields(fields).rules;
    const stored = keys.map((key) => ({ key, value: 'old', id: key, shown: false }));
    const customer = {
      metadata: Object.fromEntries(keys.map((key) => [key, 'new'])),
      provider_fields: { x: { shown: keys } },
    };
    const times = Array.from({ length: 5 }, () => {
      const started = performance.now();
      const patch = rule?.evaluate(customer, 'update', {});
      rule?.keyed?.changes(patch, stored, customer);
      rule?.keyed?.encode(patch, stored, customer, {});
      return performance.now() - started;
    });
    return Math.min(...times);
  }

  it('grows with the number of keys, not with its square', () => {
    timeFor(2000);
    // Sixteen times the keys would take 256 times as long.
    expect(timeFor(32_000) / timeFor(2000)).toBeLessThan(100);
  });
});
