import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { builtInProviders } from '../../integrations/registry.js';
import { jsonSchemas } from '../../schemas/json-schemas.js';
import { customerArbitrary } from '../core/customer/customer-arbitrary.js';

const folder = new URL('../../schemas/json/', import.meta.url);
const schemas = jsonSchemas();

/** The file as an editor reads it. */
function editorSchema(name: string) {
  return z.fromJSONSchema(JSON.parse(readFileSync(new URL(`${name}.schema.json`, folder), 'utf8')));
}

describe('the JSON Schemas in the repository', () => {
  it.each(Object.entries(schemas))('%s is what the definitions give now', (name, schema) => {
    const file = readFileSync(new URL(`${name}.schema.json`, folder), 'utf8');
    expect(file, 'run `npm run schemas`').toBe(`${JSON.stringify(schema, null, 2)}\n`);
  });

  it('are those and no others', () => {
    const names = Object.keys(schemas).map((name) => `${name}.schema.json`);
    expect(readdirSync(folder).sort()).toEqual(names.sort());
  });
});

describe('the mapping schema', () => {
  const schema = editorSchema('mapping');

  it.each(builtInProviders.map(({ definition, mapping }) => [definition.id, mapping]))('accepts %s', (_, mapping) => {
    expect(schema.safeParse(mapping).error).toBeUndefined();
  });

  it.each([
    ['an unknown key of a rule', { frm: 'email' }],
    ['an unknown key of a condition', { from: 'email', when: { not: { any: [{ presnt: 'email' }] } } }],
    ['an unknown transform', { from: 'email', transform: ['trimm'] }],
    ['options that a transform does not take', { from: 'email', transform: [{ prefix: '' }] }],
    ['an unknown way to clear', { from: 'email', clear: 'delete' }],
  ])('refuses %s', (_, rule) => {
    const example = { name: 'none', customer: {}, payload: {} };
    const file = { provider: 'x', fields: { email: { from: 'email' } }, examples: [example] };
    expect(schema.safeParse(file).success).toBe(true);
    expect(schema.safeParse({ ...file, fields: { email: rule } }).success).toBe(false);
  });
});

describe('the overlay schema', () => {
  const schema = editorSchema('overlay');

  it('accepts the rules of every provider', () => {
    const withFields = z.object({ fields: z.record(z.string(), z.unknown()) });
    for (const { mapping } of builtInProviders) {
      const { fields } = withFields.parse(mapping);
      expect(schema.safeParse({ fields, remove: { email: 'not ours' } }).error).toBeUndefined();
    }
  });

  it.each([[{ field: {} }], [{ remove: { email: '' } }], [{ fields: { email: { from: 'email', hnt: '' } } }]])(
    'refuses %j',
    (overlay) => {
      expect(schema.safeParse(overlay).success).toBe(false);
    },
  );
});

describe('the customer schema', () => {
  const schema = editorSchema('customer');

  it('accepts every valid customer', () => {
    fc.assert(
      fc.property(customerArbitrary, (customer) => {
        expect(schema.safeParse(customer).error).toBeUndefined();
      }),
    );
  });

  it.each([[{}], [{ id: 'a', nmae: 'x' }], [{ id: 'a', email: 'nope' }], [{ id: 'a', name: '' }]])(
    'refuses %j',
    (customer) => {
      expect(schema.safeParse(customer).success).toBe(false);
    },
  );
});
