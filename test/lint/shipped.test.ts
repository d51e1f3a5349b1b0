import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { builtInProviders } from '../../integrations/registry.js';
import { mappingSchema } from '../../schemas/mapping.js';
import { lintProviders } from '../../src/cli/mapping-files.js';
import { lintText } from '../../src/lint/lint-text.js';

const providers = lintProviders();

describe.each(builtInProviders.map(({ definition }) => definition.id))('the mapping of %s', (id) => {
  const file = `providers/${id}/mapping.json`;
  const text = readFileSync(file, 'utf8');
  const mapping = mappingSchema.parse(JSON.parse(text));

  it('has no findings', () => {
    expect(lintText({ file, text }, providers)).toEqual([]);
  });

  it.each(Object.keys(mapping.fields))('has findings without its rule for %s', (target) => {
    const { [target]: removed, ...fields } = mapping.fields;
    expect(removed).toBeDefined();
    const findings = lintText({ file, text: JSON.stringify({ ...mapping, fields }) }, providers);
    expect(findings.length).toBeGreaterThan(0);
  });

  it.each(Object.keys(mapping.unsupported ?? {}))('has findings without its reason for %s', (field) => {
    const { [field]: removed, ...unsupported } = mapping.unsupported ?? {};
    const rest = lintText({ file, text: JSON.stringify({ ...mapping, unsupported }) }, providers);
    // Some are read in part all the same, and then the reason says what becomes of the rest.
    const isRead = JSON.stringify(mapping.fields).includes(field);
    expect(removed).toBeDefined();
    expect(rest.length > 0 || isRead).toBe(true);
  });
});

describe('a source mapping that comes as an example', () => {
  it('has no findings', () => {
    const file = 'examples/crm-export.mapping.json';
    expect(lintText({ file, text: readFileSync(file, 'utf8') }, providers)).toEqual([]);
  });
});
