import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { documents } from '../../docs/generate/documents.js';
import { environmentVariables } from '../../docs/generate/environment.js';
import { coverageOf, coveredFields, ownFieldCoverage } from '../../docs/generate/field-coverage.js';
import { builtInProviders } from '../../integrations/registry.js';
import { customerSchema } from '../../schemas/customer.js';
import { parseMapping } from '../../src/core/mapping/compile-mapping.js';

const mappings = builtInProviders.map(({ definition, mapping }) => {
  return [definition.id, parseMapping(mapping, definition.id)] as const;
});

const generated = await documents();
const rowsOf = (text: string) => text.split('\n').filter((line) => line.startsWith('|'));

it('the generated pages have many rows', () => {
  expect(Object.values(generated).flatMap(rowsOf).length).toBeGreaterThan(300);
});

describe.each(Object.entries(generated))('%s', (path, text) => {
  it('is what the code gives now', () => {
    expect(readFileSync(path, 'utf8'), 'run `npm run docs`').toBe(text);
  });

  it('has no blank cell', () => {
    for (const row of rowsOf(text)) {
      expect(
        row
          .replaceAll('\\|', '')
          .slice(1, -1)
          .split('|')
          .filter((cell) => cell.trim() === ''),
      ).toEqual([]);
    }
  });
});

describe.each(mappings)('the coverage of %s', (_, mapping) => {
  it('has every field of the customer model once', () => {
    const rows = coverageOf(mapping).map(({ field }) => field);
    expect(rows).toEqual(coveredFields);
    const objects = new Set(rows.map((field) => field.split('.')[0]));
    const aboutTheRow = ['updated_at', 'deleted', 'provider_fields'];
    expect([...objects, ...aboutTheRow].sort()).toEqual(Object.keys(customerSchema.shape).sort());
  });

  it('has every rule in it', () => {
    const text = [...coverageOf(mapping), ...ownFieldCoverage(mapping)].map(({ where }) => where).join('; ');
    for (const target of Object.keys(mapping.fields)) expect(text).toContain(`\`${target}\``);
  });

  it('gives a reason where there is no rule', () => {
    for (const { status, where } of coverageOf(mapping)) if (status === 'no') expect(where.length).toBeGreaterThan(5);
  });
});

it('the coverage says how a field is cleared, written and limited', () => {
  const rows = Object.fromEntries(
    mappings.map(([id, mapping]) => [id, new Map(coverageOf(mapping).map((row) => [row.field, row]))]),
  );
  expect(rows['lago']?.get('name')).toEqual({
    field: 'name',
    status: 'mapped',
    where: '`name`',
    cleared: 'by `null`',
    write: 'replaces the value',
    limits: '255 characters; over it: refused',
    readBack: 'yes',
  });
  expect(rows['flexprice']?.get('address.city')).toMatchObject({
    cleared: 'by `""`',
    limits: '100 bytes; over it: refused',
  });
  expect(rows['autumn']?.get('metadata')).toMatchObject({
    cleared: 'key by key, by `null`',
    write: 'merged by the provider',
  });
  expect(rows['recharge']?.get('email')).toMatchObject({
    cleared: 'no: Recharge finds customers by their e-mail address',
    limits: 'required',
    readBack: 'yes, in any case',
  });
});

it('the variables of docs/cli.md are those that the program reads', () => {
  const source = globSync('src/**/*.ts').map((file) => readFileSync(file, 'utf8'));
  const read = source.flatMap((text) => [...text.matchAll(/\benv\['([A-Z_]+)'\]/g)].map(([, name]) => name));
  const named = environmentVariables([]).map(({ name }) => name);
  expect(read).toContain('NANGO_SECRET_KEY');
  expect([...new Set(read)].filter((name) => !named.includes(name ?? ''))).toEqual([]);
});
