import { z } from 'zod';
import { parseMapping } from '../../src/core/mapping/compile-mapping.js';
import type { Finding } from '../../src/lint/finding.js';
import { type LintProvider, lintText } from '../../src/lint/lint-text.js';

type Fields = Readonly<Record<string, unknown>>;

/** Canonical fields that the mappings of these tests have no place for. */
const unsupported = Object.fromEntries(
  [
    'first_name',
    'last_name',
    'type',
    'legal_name',
    'legal_number',
    'tax_id',
    'tax_exempt',
    'phone',
    'address',
    'shipping_address',
    'currency',
    'timezone',
    'locale',
    'url',
    'logo_url',
    'metadata',
    'external_ids',
  ].map((field) => [field, 'not needed here']),
);

const base = { customer_id: { from: 'id', required: true }, mail: { from: 'email' }, full_name: { from: 'name' } };
const customer = { id: 'a', email: 'a@b.example', name: 'Ada' };
const payload = { customer_id: 'a', mail: 'a@b.example', full_name: 'Ada' };

/** What `provider_fields.shop` may hold. */
const fields = z.strictObject({
  level: z.enum(['gold', 'silver']).optional(),
  tags: z.array(z.string()).optional(),
  contacts: z.array(z.strictObject({ email: z.string(), vip: z.boolean() })).optional(),
});

/** A mapping without findings, with more rules and more besides. */
export function mappingWith(rules: Fields, more: Fields = {}): Fields {
  return {
    provider: 'shop',
    fields: { ...base, ...rules },
    unsupported,
    addable: { extra: 'a field for overlays' },
    examples: [{ name: 'all', customer, payload }],
    ...more,
  };
}

export const shop: LintProvider = {
  provider: 'shop',
  fields,
  matchTarget: 'customer_id',
  mapping: parseMapping(mappingWith({}), 'shop'),
};

/** What is found, without what `mappingWith` leaves open: rules without an example, and `provider_fields.shop`. */
export function findingsIn(content: unknown, provider?: string): Finding[] {
  const text = typeof content === 'string' ? content : JSON.stringify(content, null, 2);
  return lintText({ file: 'file.json', text, ...(provider !== undefined && { provider }) }, [shop]).filter(
    ({ code, message }) => code !== 'no_example' && !message.startsWith('provider_fields.'),
  );
}

/** What is found in a rule of a mapping that is good otherwise. */
export function findingOf(rule: unknown) {
  const findings = findingsIn(mappingWith({ x: rule })).filter(({ pointer }) => pointer.startsWith('/fields/x'));
  return findings.map(({ pointer, code, message }) => [pointer.replace('/fields/x', ''), code, message]);
}
