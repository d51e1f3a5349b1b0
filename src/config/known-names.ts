import { isObject } from '../core/mapping/path.js';

/** The names that a JSON Schema knows at a path, whichever of its alternatives applies there. */
export function knownNames(schema: unknown, path: readonly PropertyKey[]): string[] {
  let schemas = [schema];
  for (const key of path) {
    schemas = schemas.flatMap(alternatives).flatMap((candidate) => member(candidate, key));
  }
  return [...new Set(schemas.flatMap(alternatives).flatMap(({ properties }) => Object.keys(objectOf(properties))))];
}

function alternatives(schema: unknown): Record<string, unknown>[] {
  if (!isObject(schema)) return [];
  const inner = [schema['anyOf'], schema['oneOf'], schema['allOf']].flatMap((list) =>
    Array.isArray(list) ? list : [],
  );
  return [schema, ...inner.flatMap(alternatives)];
}

function member({ properties, additionalProperties, items }: Record<string, unknown>, key: PropertyKey): unknown[] {
  if (typeof key === 'number') return [items];
  const named = objectOf(properties)[String(key)];
  return named === undefined ? [additionalProperties] : [named];
}

function objectOf(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {};
}
