import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { builtInProviders } from '../../integrations/registry.js';
import { mappingSchema, overlaySchema, sourceMappingSchema } from '../../schemas/mapping.js';
import { transforms } from '../../schemas/transforms.js';
import { parseCustomer } from '../../src/core/customer/parse-customer.js';
import { compileMapping, parseMapping, parseOverlay } from '../../src/core/mapping/compile-mapping.js';
import { sizeLimits } from '../../src/core/mapping/input-size.js';
import { providerMapping } from '../../src/core/mapping/provider-mapping.js';
import type { MappingReport } from '../../src/core/mapping/report.js';
import { planUpsert } from '../../src/core/upsert/plan-upsert.js';
import { compileSourceMapping } from '../../src/sources/mapping/compile-source-mapping.js';
import { withoutEmpty } from '../../src/sources/mapping/without-empty.js';
import { differenceCodes } from '../../src/spec/compare-rule.js';
import { examplesOf } from './mapping-examples.js';

const object = z.record(z.string(), z.unknown());
const mappingExample = z.strictObject({
  fields: object,
  on: z.enum(['create', 'update']).default('create'),
  customer: object.optional(),
  record: object.optional(),
  payload: object.optional(),
  observed: object.optional(),
  changes: z.array(z.string()).optional(),
  warnings: z.array(z.string()).default([]),
  refused: z.array(z.string()).default([]),
});
const overlayExample = z.strictObject({
  provider: z.string(),
  overlay: z.unknown(),
  customer: object,
  payload: object,
});
const sourceExample = z.strictObject({ fields: object, ignored: object.optional(), columns: object, customer: object });

const mappingExamples = examplesOf('mapping-example');
const overlayExamples = examplesOf('overlay-example');
const sourceExamples = examplesOf('source-example');
const mappingFiles = examplesOf('mapping-file');

function compile(fields: Record<string, unknown>) {
  const examples = [{ name: 'none', customer: {}, payload: {} }];
  return compileMapping(parseMapping({ provider: 'acme', fields, examples }, 'docs/mapping.md'));
}

function customerOf(input: unknown) {
  const parsed = parseCustomer(input);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.customer;
}

const said = ({ issues = [] }: MappingReport) => issues.map(({ field, message }) => `${field}: ${message}`);
const warned = (warnings: MappingReport['warnings'] = []) => warnings.map(({ field, code }) => `${field}: ${code}`);

describe('an example of a rule', () => {
  it.each(mappingExamples)('$name', ({ content }) => {
    const { fields, on, customer, record, ...wanted } = mappingExample.parse(content);
    const mapping = compile(fields);
    if (customer === undefined) {
      expect(mapping.observe(record, 'r1').customer).toEqual(wanted.observed);
      return;
    }
    if (record === undefined) {
      const report: MappingReport = {};
      const payload = mapping.toPayload(customerOf(customer), on, report);
      expect(said(report)).toEqual(wanted.refused);
      expect(warned(report.warnings)).toEqual(wanted.warnings);
      if (wanted.refused.length === 0) expect(payload).toEqual(wanted.payload);
      return;
    }
    const stored = { kind: 'record', record, providerId: 'r1' } as const;
    const planned = planUpsert({ to: 'acme', mapping, customer: customerOf(customer), stored });
    if (planned.kind === 'invalid') throw new Error(JSON.stringify(planned.issues));
    expect(planned.plan.payload).toEqual(wanted.payload);
    expect(planned.plan.changes.map(({ field, change }) => `${field}: ${change}`)).toEqual(wanted.changes);
    expect(warned(planned.plan.warnings)).toEqual(wanted.warnings);
  });
});

it.each(mappingFiles)('the example of a file passes its own examples: $name', ({ content }) => {
  const mapping = parseMapping(content, 'docs/mapping.md');
  for (const { customer, on = 'create', payload } of mapping.examples) {
    expect(compileMapping(mapping).toPayload(customer, on, {})).toEqual(payload);
  }
});

it.each(overlayExamples)('an example of an overlay: $name', ({ content }) => {
  const { provider: id, overlay, customer, payload } = overlayExample.parse(content);
  const provider = builtInProviders.find(({ definition }) => definition.id === id);
  if (provider === undefined) throw new Error(`no provider ${id}`);
  const layer = { name: 'docs/mapping.md', overlay: parseOverlay(overlay, 'docs/mapping.md') };
  expect(providerMapping(provider, [layer]).toPayload(customerOf(customer), 'create', {})).toEqual(payload);
});

it.each(sourceExamples)('an example of a source mapping: $name', ({ content }) => {
  const { columns, customer, ...mapping } = sourceExample.parse(content);
  const { value, problems } = compileSourceMapping(mapping, 'docs/mapping.md').apply(withoutEmpty(columns));
  expect(problems).toEqual([]);
  expect(value).toEqual(customer);
});

describe('the sizes that the page names are those of the schema', () => {
  const rule = (fields: object) => mappingSchema.shape.fields.safeParse({ target: fields }).success;
  const list = (length: number, item: unknown) => Array.from({ length }, () => item);

  it.each<[what: string, most: number, accepts: (size: number) => boolean]>([
    ['a path', 200, (size) => rule({ from: 'a'.repeat(size) })],
    ['text in a constant, a condition or `one_of`', 1000, (size) => rule({ constant: 'a'.repeat(size) })],
    ['text in a constant, a condition or `one_of`', 1000, (size) => rule({ from: 'id', one_of: ['a'.repeat(size)] })],
    ['the text of a template', 500, (size) => rule({ template: 'a'.repeat(size) })],
    ['steps behind one place', 10, (size) => rule({ from: 'id', transform: list(size, 'trim') })],
    ['places in one `from` or `fallback`', 10, (size) => rule({ from: list(size, 'id') })],
    ['places in one `from` or `fallback`', 10, (size) => rule({ from: 'id', fallback: list(size, 'id') })],
    [
      'conditions in one `all` or `any`',
      20,
      (size) => rule({ from: 'id', when: { any: list(size, { present: 'id' }) } }),
    ],
    ['values in one `in` or `one_of`', 1000, (size) => rule({ from: 'id', when: { in: ['id', list(size, 'a')] } })],
  ])('%s: %i', (what, most, accepts) => {
    const row = readFileSync('docs/mapping.md', 'utf8')
      .split('\n')
      .find((line) => line.startsWith(`| ${what} |`));
    expect(row).toContain(`| ${most.toLocaleString('en')}`);
    expect([accepts(most), accepts(most + 1)]).toEqual([true, false]);
  });

  it.each([
    ['levels of nesting', sizeLimits.depth],
    ['values', sizeLimits.values],
    ['characters of text', sizeLimits.characters],
  ])('%s in a file: %i', (what, most) => {
    const page = readFileSync('docs/mapping.md', 'utf8');
    expect(page).toContain(`| ${what} in a file | ${most.toLocaleString('en')} |`);
  });
});

describe('every construct has an example', () => {
  const shown = JSON.stringify([mappingExamples, mappingFiles].map((all) => all.map(({ content }) => content)));
  const { fields, ...head } = mappingSchema.shape;
  const rule = fields.valueType.shape;

  it.each([
    ...Object.keys(rule),
    ...Object.keys(rule.keyed.unwrap().shape),
    ...Object.keys(rule.items.unwrap().shape),
    ...Object.keys(head),
    ...['present', 'equals', 'in', 'all', 'any', 'not'],
    ...['truncate', 'drop', 'empty', 'ignore_case', 'ignore_order', 'contains'],
  ])('%s', (word) => {
    expect(shown).toMatch(new RegExp(`"${word.replace('$', '\\$')}"`));
  });

  it.each(Object.keys(overlaySchema.shape).filter((key) => key !== '$schema'))('%s of an overlay', (key) => {
    expect(JSON.stringify(overlayExamples)).toContain(`"${key}":`);
  });

  it.each([
    'on_empty',
    'one_of',
    'ignored',
    ...Object.keys(sourceMappingSchema.shape).filter((key) => key !== '$schema'),
  ])('%s of a source mapping', (key) => {
    expect(JSON.stringify(sourceExamples)).toContain(`"${key}":`);
  });

  it.each(differenceCodes)('the finding %s', (code) => {
    expect(readFileSync('docs/mapping.md', 'utf8')).toContain(`| \`${code}\` |`);
  });

  it.each(Object.keys(transforms))('the transform %s', (name) => {
    expect(readFileSync('docs/mapping.md', 'utf8')).toContain(`| \`${name}\` |`);
  });
});
