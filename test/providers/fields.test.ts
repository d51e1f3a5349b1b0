import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { builtInProviders } from '../../integrations/registry.js';
import type { Rule } from '../../schemas/mapping.js';
import { parseMapping } from '../../src/core/mapping/compile-mapping.js';
import { sourcePaths } from '../../src/core/mapping/source.js';
import { providerFieldsArbitraries } from './provider-fields-arbitrary.js';

/** Every field that can be set on its own: the members of objects, but not those of objects in lists. */
function fieldPaths(schema: unknown, path: string): string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return fieldPaths(schema.unwrap(), path);
  if (!(schema instanceof z.ZodObject)) return [path];
  return Object.entries(schema.shape).flatMap(([key, member]) => fieldPaths(member, `${path}.${key}`));
}

function pathsOf(rule: Rule): string[] {
  return [...sourcePaths(rule), ...Object.values(rule.keyed?.flag ?? {})];
}

describe.each(builtInProviders.map((provider) => [provider.definition.id, provider] as const))('%s', (id, provider) => {
  const { fields } = parseMapping(provider.mapping, id);
  const known = fieldPaths(provider.fields, `provider_fields.${id}`);

  it.each(known)('%s is written by exactly one rule', (path) => {
    const writers = Object.entries(fields).filter(([, rule]) => pathsOf(rule).includes(path));
    expect(writers.map(([target]) => target)).toHaveLength(1);
  });

  it('has no rule that reads a field which is not there', () => {
    const read = JSON.stringify(fields).match(/provider_fields[\w.]*/g) ?? [];
    expect(read.filter((path) => !known.includes(path))).toEqual([]);
    expect(read.length).toBeGreaterThanOrEqual(known.length);
  });

  it('refuses a field that is not there, at the top and inside', () => {
    expect(provider.fields.safeParse({ no_such_field: 1 }).success).toBe(false);
    const nested = known.map((path) => path.split('.')).filter((keys) => keys.length === 4);
    for (const [, , outer = ''] of nested) {
      expect(provider.fields.safeParse({ [outer]: { no_such_field: 1 } }).success).toBe(false);
    }
  });

  it('accepts the values that the property tests are made with', () => {
    fc.assert(
      fc.property(providerFieldsArbitraries[id] ?? fc.constant({}), (values) => {
        expect(provider.fields.safeParse(values).error).toBeUndefined();
      }),
    );
  });

  it('accepts no empty text', () => {
    for (const path of known) {
      const [, , ...keys] = path.split('.');
      const value = keys.reduceRight<unknown>((inner, key) => ({ [key]: inner }), '');
      expect(provider.fields.safeParse(value).success, path).toBe(false);
    }
  });
});
