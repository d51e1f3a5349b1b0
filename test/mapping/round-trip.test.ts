import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Loss, lossesOf } from '../../docs/generate/losses.js';
import { builtInProviders } from '../../integrations/registry.js';
import type { Customer } from '../../schemas/customer.js';
import { compileMapping, parseMapping } from '../../src/core/mapping/compile-mapping.js';
import type { MappingReport } from '../../src/core/mapping/report.js';
import { storedAfterCreate } from '../core/mapping/stored-records.js';
import { customersOf, type Leaf, leavesOf } from './customers-of.js';

/** What a provider fills in by itself for a customer that says nothing. */
const filledIn: Readonly<Record<string, readonly Leaf[]>> = {
  recharge: [[['tax_exempt'], false]],
  flexprice: [[['timezone'], 'UTC']],
  stripe: [
    [['provider_fields', 'stripe', 'tax_exempt'], 'none'],
    [['provider_fields', 'stripe', 'invoice_prefix'], 'ABC123'],
    [['provider_fields', 'stripe', 'next_invoice_sequence'], 1],
  ],
};

const providers = builtInProviders.map(({ definition, mapping: file }) => {
  const parsed = parseMapping(file, definition.id);
  return [definition.id, { mapping: compileMapping(parsed), losses: lossesOf(parsed) }] as const;
});

const startsWith = (path: string, field: string) => path === field || path.startsWith(`${field}.`);

/** The declared losses that a value at this path may suffer. */
function lossesAt(path: readonly string[], losses: readonly Loss[]): readonly Loss[] {
  const written = path.join('.');
  return losses.filter(
    ({ field, but = [] }) => startsWith(written, field) && !but.some((member) => startsWith(written, member)),
  );
}

const isSame = (one: Leaf, other: Leaf) => isDeepStrictEqual(one, other);

describe.each(providers)('a customer written to %s and read back', (id, { mapping, losses }) => {
  function thereAndBack(customer: Customer): readonly Leaf[] | undefined {
    const report: MappingReport = {};
    const payload = mapping.toPayload(customer, 'create', report);
    if (report.issues !== undefined) return undefined;
    return leavesOf(mapping.observe(storedAfterCreate[id]?.(payload) ?? {}, 'p1').customer);
  }

  const said = (customer: Customer) =>
    leavesOf(customer).filter(([[field], value]) => field !== 'updated_at' && value !== null && !isEmpty(value));
  const valueAt = (leaves: readonly Leaf[], path: readonly string[]) =>
    leaves.find(([candidate]) => isDeepStrictEqual(candidate, path))?.[1];

  it('has every value that no loss is declared for', () => {
    fc.assert(
      fc.property(customersOf(id), (customer) => {
        const observed = thereAndBack(customer);
        fc.pre(observed !== undefined);
        for (const leaf of said(customer)) {
          const kept = lossesAt(leaf[0], losses).every(({ kind }) => kind === 'stands_in');
          if (kept) expect(observed, leaf[0].join('.')).toContainEqual(leaf);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('has lost what is declared as gone, and changed only what is declared as changed', () => {
    fc.assert(
      fc.property(customersOf(id), (customer) => {
        const observed = thereAndBack(customer);
        fc.pre(observed !== undefined);
        for (const [path, value] of said(customer)) {
          const kinds = lossesAt(path, losses).map(({ kind }) => kind);
          const found = valueAt(observed, path);
          if (kinds.includes('gone')) expect(found, path.join('.')).toBeUndefined();
          else if (!kinds.includes('changed') && found !== undefined) expect(found, path.join('.')).toEqual(value);
          else if (!kinds.includes('left_out')) expect(found, path.join('.')).toBeDefined();
        }
      }),
      { numRuns: 300 },
    );
  });

  it('has no value that it did not have, but for declared stand-ins and what the provider fills in', () => {
    fc.assert(
      fc.property(customersOf(id), (customer) => {
        const observed = thereAndBack(customer);
        fc.pre(observed !== undefined);
        const known = said(customer).map(([path]) => path);
        for (const leaf of observed) {
          const explained =
            isEmpty(leaf[1]) ||
            isDeepStrictEqual(leaf[1], []) ||
            known.some((path) => isDeepStrictEqual(path, leaf[0])) ||
            lossesAt(leaf[0], losses).some(({ kind }) => kind === 'stands_in') ||
            (filledIn[id] ?? []).some((filled) => isSame(filled, leaf));
          expect(explained, leaf[0].join('.')).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  const samples = fc.sample(customersOf(id), { numRuns: 1000, seed: 20_261_121 });
  const own = losses.filter(({ field, kind }) => !field.startsWith('provider_fields.') && kind !== 'stands_in');

  it.each(own)('really loses $field: $loss', (loss) => {
    const loses = (customer: Customer) => {
      const atStake = said(customer).filter(([path]) => lossesAt(path, [loss]).length > 0);
      const observed = atStake.length === 0 ? undefined : thereAndBack(customer);
      return observed !== undefined && atStake.some((leaf) => !observed.some((found) => isSame(found, leaf)));
    };
    expect(samples.some(loses)).toBe(true);
  });
});

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
}
