import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Customer } from '../../schemas/customer.js';
import { isObject } from '../../src/core/mapping/path.js';
import { planUpsert } from '../../src/core/upsert/plan-upsert.js';
import { customerOf, mappingOf, record } from '../core/mapping/plan-under-test.js';
import { storedAfterCreate } from '../core/mapping/stored-records.js';
import { customersOf } from './customers-of.js';

type Fields = Record<string, unknown>;

/** What a run finds out about a customer that was created, and whose record has changed in form only since then. */
function actionAfter(provider: string, customer: Customer, change: (record: Fields) => Fields): string | undefined {
  const mapping = mappingOf(provider);
  const created = planUpsert({ to: provider, mapping, customer, stored: { kind: 'absent' } });
  if (created.kind === 'invalid' || created.plan.payload === undefined) return undefined;
  const stored = storedAfterCreate[provider]?.(created.plan.payload) ?? {};
  const again = planUpsert({ to: provider, mapping, customer, stored: record(change({ ...stored })) });
  return again.kind === 'plan' ? again.plan.action : again.kind;
}

const inOtherCase = (text: unknown) =>
  typeof text === 'string'
    ? [...text].map((letter, index) => (index % 2 === 0 ? letter.toUpperCase() : letter.toLowerCase())).join('')
    : text;

const lower = (text: unknown) => (typeof text === 'string' ? text.toLowerCase() : text);

const unsetAs = (value: unknown) => (stored: Fields) =>
  Object.fromEntries(Object.entries(stored).map(([key, member]) => [key, isUnset(member) ? value : member]));

const isUnset = (value: unknown) => value === null || value === '' || value === undefined;

const reversed = (list: unknown) => (Array.isArray(list) ? [...list].reverse() : list);

const asciiEmail = (customer: Customer) => /^[\x20-\x7e]*$/.test(customer.email ?? '');

describe.each<[what: string, provider: string, change: (record: Fields) => Fields]>([
  ['an e-mail address in another case', 'lago', (stored) => ({ ...stored, email: inOtherCase(stored['email']) })],
  ['an e-mail address in another case', 'recharge', (stored) => ({ ...stored, email: inOtherCase(stored['email']) })],
  ['a country in lower case', 'lago', (stored) => ({ ...stored, country: lower(stored['country']) })],
  [
    'a country of delivery in lower case',
    'lago',
    ({ shipping_address: address, ...stored }) => ({
      ...stored,
      shipping_address: isObject(address) ? { ...address, country: lower(address['country']) } : address,
    }),
  ],
  ['unset fields shown as ""', 'flexprice', unsetAs('')],
  ['unset fields shown as null', 'flexprice', unsetAs(null)],
  ['unset fields left out', 'flexprice', unsetAs(undefined)],
  ['unset fields shown as ""', 'lago', unsetAs('')],
  ['unset fields shown as ""', 'autumn', unsetAs('')],
  ['unset fields left out', 'recharge', unsetAs(undefined)],
  ['metadata entries in another order', 'lago', (stored) => ({ ...stored, metadata: reversed(stored['metadata']) })],
  ['tax codes in another order', 'lago', (stored) => ({ ...stored, taxes: reversed(stored['taxes']) })],
  [
    "another system's metadata",
    'lago',
    (stored) => ({
      ...stored,
      metadata: [...(Array.isArray(stored['metadata']) ? stored['metadata'] : []), { key: 'theirs', value: 'x' }],
    }),
  ],
  ["another system's metadata", 'flexprice', (stored) => ({ ...stored, metadata: withTheirs(stored['metadata']) })],
  ["another system's metadata", 'autumn', (stored) => ({ ...stored, metadata: withTheirs(stored['metadata']) })],
  ["another system's metadata", 'stripe', (stored) => ({ ...stored, metadata: withTheirs(stored['metadata']) })],
  ['unset fields shown as ""', 'stripe', unsetAs('')],
  ['unset fields left out', 'stripe', unsetAs(undefined)],
  ['fields that we do not own', 'stripe', (stored) => ({ ...stored, balance: -500, currency: 'eur', livemode: true })],
  ['fields that we do not own', 'recharge', (stored) => ({ ...stored, subscriptions_active_count: 3 })],
  ['fields that we do not own', 'autumn', (stored) => ({ ...stored, env: 'live', products: [{ id: 'pro' }] })],
])('%s at %s', (_what, provider, change) => {
  it('is no change', () => {
    let compared = 0;
    fc.assert(
      fc.property(customersOf(provider).filter(asciiEmail), (customer) => {
        fc.pre(!JSON.stringify(customer).includes('theirs'));
        const action = actionAfter(provider, customer, change);
        fc.pre(action !== undefined);
        compared += 1;
        expect(action).toBe('unchanged');
      }),
      { numRuns: 150 },
    );
    expect(compared).toBeGreaterThan(100);
  });
});

function withTheirs(metadata: unknown): unknown {
  return { ...(typeof metadata === 'object' ? metadata : {}), theirs: 'x' };
}

describe('what does differ', () => {
  it.each<[provider: string, stored: Fields, changes: readonly object[]]>([
    [
      'lago',
      { email: 'other@b.example' },
      [{ field: 'email', change: 'set', from: 'other@b.example', to: 'a@b.example' }],
    ],
    ['flexprice', { name: '' }, [{ field: 'name', change: 'set', to: 'Acme' }]],
    ['flexprice', { metadata: { plan: 'old' } }, [{ field: 'metadata.plan', change: 'set', from: 'old', to: 'gold' }]],
    ['autumn', { metadata: {} }, [{ field: 'metadata.plan', change: 'set', to: 'gold' }]],
    ['stripe', { address: { country: 'FR' } }, [{ field: 'address.country', change: 'set', from: 'FR', to: 'DE' }]],
    ['lago', { country: 'FR' }, [{ field: 'address.country', change: 'set', from: 'FR', to: 'DE' }]],
  ])('is told in canonical words: %s %j', (provider, difference, changes) => {
    const customer = customerOf({
      id: 'a1',
      email: 'a@b.example',
      name: 'Acme',
      address: { country: 'DE' },
      metadata: { plan: 'gold' },
    });
    const mapping = mappingOf(provider);
    const created = planUpsert({ to: provider, mapping, customer, stored: { kind: 'absent' } });
    if (created.kind === 'invalid') throw new Error(JSON.stringify(created.issues));
    const stored = { ...storedAfterCreate[provider]?.(created.plan.payload ?? {}), ...difference };
    const again = planUpsert({ to: provider, mapping, customer, stored: record(stored) });
    expect(again.kind === 'plan' ? again.plan.changes : again).toMatchObject(changes);
  });
});
