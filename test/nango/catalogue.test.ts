import { globSync, readFileSync } from 'node:fs';
import { loadNangoYaml } from '@nangohq/nango-yaml';
import { describe, expect, it } from 'vitest';
import { catalogueFiles } from '../../integrations/catalogue.js';
import { builtInProviders } from '../../integrations/registry.js';
import { compiledProjectSchema } from '../../src/nango-project/catalogue/compiled-functions.js';
import { createModelCollector } from '../../src/nango-project/catalogue/models.js';

// What `nango compile` has written just before the tests.
const compiled: unknown = JSON.parse(readFileSync('integrations/.nango/nango.json', 'utf8'));
const project = compiledProjectSchema.parse(compiled);
const files = catalogueFiles(compiled);

describe('what nango compile produces', () => {
  it('has the four integrations with their actions and syncs', () => {
    expect(project.map(({ providerConfigKey }) => providerConfigKey)).toEqual(
      builtInProviders.map(({ definition }) => definition.id),
    );
    for (const { actions, syncs } of project) {
      expect(actions.map(({ name }) => name)).toEqual(['upsert-customers', 'upsert-customers-batch', 'plan-customers']);
      expect(syncs.map(({ name }) => name)).toEqual(['customers']);
    }
  });

  it('has a JSON Schema for every input, output and model', () => {
    const schemas = project
      .flatMap(({ actions, syncs }) => [...actions, ...syncs])
      .flatMap(({ json_schema: { definitions } }) => Object.values(definitions));
    expect(schemas).toHaveLength(builtInProviders.length * (3 * 2 + 1));
    for (const schema of schemas) expect(Object.keys(schema)).not.toEqual([]);
  });
});

describe('nango.yaml', () => {
  const parser = loadNangoYaml({ fullPath: process.cwd() });
  parser.parse();
  const { integrations = [], models } = parser.parsed ?? {};

  it('is valid to Nango’s own parser, which only notes that enumerated words are words', () => {
    expect(parser.errors).toEqual([]);
    expect(new Set(parser.warnings.map(({ code }) => code))).toEqual(new Set(['model_not_found_fallback']));
  });

  it('lists the integrations, actions and syncs that nango compile finds', () => {
    expect(
      integrations.map(({ providerConfigKey, actions, syncs }) => ({
        providerConfigKey,
        actions: actions.map(({ name, description, version, scopes }) => ({ name, description, version, scopes })),
        syncs: syncs.map(({ name, description, version, scopes, runs, auto_start, output }) => ({
          ...{ name, description, version, scopes, runs, auto_start, output },
        })),
      })),
    ).toEqual(
      project.map(({ providerConfigKey, actions, syncs }) => ({
        providerConfigKey,
        actions: actions.map(({ name, description, version, scopes }) => ({ name, description, version, scopes })),
        syncs: syncs.map(({ name, description, version, scopes, runs, auto_start, output }) => ({
          ...{ name, description, version, scopes, runs, auto_start, output },
        })),
      })),
    );
  });

  it('describes the models, each under one name', () => {
    expect(models?.get('Customer')?.fields).toContainEqual({
      name: 'id',
      value: 'string',
      tsType: true,
      array: false,
      optional: false,
    });
    expect(models?.get('BatchOutput')?.fields).toContainEqual({
      name: 'results',
      value: 'Outcome',
      model: true,
      array: true,
      optional: false,
    });
    for (const { actions } of integrations) {
      for (const { input, output } of actions) {
        expect(input).not.toBeNull();
        expect(output).not.toBeNull();
      }
    }
  });
});

describe('the catalogue', () => {
  it.each([...files])('%s is up to date (npm run nango:manifest)', (path, text) => {
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('has no page of a function that is gone', () => {
    expect(new Set(globSync('docs/nango/**/*.md'))).toEqual(
      new Set([...files.keys()].filter((path) => path.endsWith('.md'))),
    );
  });

  it('differs when a function does', () => {
    const [first, ...others] = project;
    const changed = catalogueFiles([
      { ...first, syncs: first?.syncs.map((sync) => ({ ...sync, runs: 'every day' })) },
      ...others,
    ]);
    const different = [...changed].filter(([path, text]) => files.get(path) !== text).map(([path]) => path);
    expect(different).toEqual(['nango.yaml', 'docs/nango/recharge/syncs/customers.md']);
  });
});

describe('the type of a schema', () => {
  const text = { type: 'string' };
  const named = { type: 'object', properties: { line1: text } };

  it.each([
    [text, 'string'],
    [{ type: 'integer' }, 'number'],
    [{}, 'any'],
    [{ type: 'string', enum: ['a', 'b'] }, 'a | b'],
    [{ anyOf: [text, { type: 'null' }] }, 'string | null'],
    [{ anyOf: [text, { anyOf: [text, { type: 'number' }] }] }, 'string | number'],
    [{ type: 'array', items: text }, 'string[]'],
    [{ type: 'array', items: { anyOf: [text, { type: 'number' }] } }, 'string[] | number[]'],
    [{ type: 'object', additionalProperties: {} }, 'object'],
    [{ anyOf: [named, { type: 'null' }] }, 'Address | null'],
    [{ type: 'object', properties: {} }, 'Thing'],
    [
      {
        anyOf: [
          { type: 'object', properties: { a: text } },
          { type: 'object', properties: { b: text } },
        ],
      },
      'Thing1 | Thing2',
    ],
  ])('%j is written %s', (schema, type) => {
    expect(createModelCollector({ Address: named }).typeOf(schema, 'Thing')).toBe(type);
  });

  it('names the models of nested objects after the path to them', () => {
    const collector = createModelCollector({});
    const labels = { type: 'object', additionalProperties: text };
    collector.typeOf(
      {
        type: 'object',
        properties: { line_items: { type: 'array', items: { ...named, required: ['line1'] } }, labels },
      },
      'Order',
    );
    expect([...collector.models]).toEqual([
      ['OrderLineItems', { line1: 'string' }],
      ['OrderLabels', { __string: 'string' }],
      ['Order', { 'line_items?': 'OrderLineItems[]', 'labels?': 'OrderLabels' }],
    ]);
  });
});
