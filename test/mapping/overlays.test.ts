import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtInProviders } from '../../integrations/registry.js';
import { isCustomerSyncError } from '../../src/core/errors.js';
import { parseMapping, parseOverlay } from '../../src/core/mapping/compile-mapping.js';
import { compileGetter, isObject, parsePath } from '../../src/core/mapping/path.js';
import { providerMapping } from '../../src/core/mapping/provider-mapping.js';
import type { MappingReport } from '../../src/core/mapping/report.js';
import { planUpsert } from '../../src/core/upsert/plan-upsert.js';
import { customersOf } from './customers-of.js';

/** What an overlay may do to a rule: take it away, or take the value from somewhere else, with steps or a condition. */
const changes = fc.oneof(
  fc.constant(undefined),
  fc.constant({ constant: 'fixed' }),
  fc.record(
    {
      from: fc.constantFrom('name', 'email', 'legal_name', 'metadata.plan', 'address.city'),
      transform: fc.subarray(['trim', 'upper', { prefix: 'x-' }, 'escape_id'], { minLength: 1 }),
      when: fc.constantFrom({ present: 'email' }, { not: { equals: ['type', 'company'] } }),
      overflow: fc.constantFrom('error', 'drop'),
    },
    { requiredKeys: ['from'] },
  ),
);

describe.each(builtInProviders.map((provider) => [provider.definition.id, provider] as const))(
  'at %s',
  (id, provider) => {
    const targets = Object.keys(parseMapping(provider.mapping, id).fields);
    const plain = providerMapping(provider);

    /** The mapping with one rule changed; `undefined` where the overlay is refused. */
    function changed(target: string, rule: object | undefined) {
      const overlay = rule === undefined ? { remove: { [target]: 'a test' } } : { fields: { [target]: rule } };
      try {
        return providerMapping(provider, [{ name: 'test', overlay: parseOverlay(overlay, 'test') }]);
      } catch (error) {
        if (!isCustomerSyncError(error)) throw error;
        return undefined;
      }
    }

    const others = (target: string) =>
      targets.filter((other) => other !== target).map((other) => [other, compileGetter(parsePath(other))] as const);

    it('an overlay that changes one field leaves every other field of a payload as it is', () => {
      let applied = 0;
      fc.assert(
        fc.property(
          fc.constantFrom(...targets),
          changes,
          customersOf(id),
          fc.constantFrom('create', 'update'),
          (...drawn) => {
            const [target, rule, customer, mode] = drawn;
            const overlaid = changed(target, rule);
            fc.pre(overlaid !== undefined);
            applied += 1;
            const before: MappingReport = {};
            const payload = plain.toPayload(customer, mode, before);
            const after = overlaid.toPayload(customer, mode, {});
            for (const [other, get] of others(target)) expect(get(after), other).toEqual(get(payload));
          },
        ),
        { numRuns: 200 },
      );
      expect(applied).toBeGreaterThan(100);
    });

    it('and every other change of a plan', () => {
      fc.assert(
        fc.property(
          fc.constantFrom(...targets),
          changes,
          customersOf(id),
          fc.jsonValue(),
          (target, rule, customer, json) => {
            const overlaid = changed(target, rule);
            fc.pre(overlaid !== undefined);
            const stored = { kind: 'record', record: isObject(json) ? { ...json } : {}, providerId: 'p1' } as const;
            const [before, after] = [plain, overlaid].map((mapping) =>
              planUpsert({ to: id, mapping, customer, stored }),
            );
            fc.pre(before?.kind === 'plan' && after?.kind === 'plan');
            // What cannot be seen goes along with other changes, and so depends on whether there are any.
            const seen = ({ change, target: changedTarget }: { change: string; target: string }) =>
              change !== 'cannot_tell' && changedTarget !== target;
            expect(after.plan.changes.filter(seen)).toEqual(before.plan.changes.filter(seen));
          },
        ),
        { numRuns: 150 },
      );
    });
  },
);
