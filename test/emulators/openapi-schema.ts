import { isObject } from '../../src/core/mapping/path.js';

type Json = Record<string, unknown>;

/** Where a value is not what a schema of an OpenAPI 3 description says, as `place: what`, each once. */
export function mismatches(document: unknown, schema: unknown, value: unknown): string[] {
  return [...new Set(check({ document, depth: 0, isPart: false }, schema, value, ''))].sort();
}

interface Context {
  readonly document: unknown;
  readonly depth: number;
  /** Whether the schema is one of several for the same value, so that others may describe what it does not. */
  readonly isPart: boolean;
}

function check(context: Context, given: unknown, value: unknown, place: string): string[] {
  const schema = resolved(context.document, given);
  if (!isObject(schema) || context.depth > 30) return [];
  if (value === null && isNullable(schema)) return [];
  const inner = { ...context, depth: context.depth + 1, isPart: false };
  return [
    ...(context.isPart ? [] : checkDescribed(context.document, schema, value, place)),
    ...checkAlternatives({ ...inner, isPart: true }, schema, value, place),
    ...checkType(schema, value, place),
    ...checkValue(schema, value, place),
    ...checkMembers(inner, schema, value, place),
  ];
}

/** Follows references: to `#/components/...` and nowhere else. */
export function resolved(document: unknown, given: unknown): unknown {
  let schema = given;
  for (let hops = 0; isObject(schema) && typeof schema['$ref'] === 'string' && hops < 20; hops += 1) {
    schema = schema['$ref']
      .split('/')
      .slice(1)
      .reduce<unknown>(
        (at, key) => (isObject(at) ? at[key.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined),
        document,
      );
  }
  return schema;
}

function isNullable(schema: Json): boolean {
  const { type, enum: values } = schema;
  return (
    schema['nullable'] === true ||
    (Array.isArray(type) && type.includes('null')) ||
    (Array.isArray(values) && values.includes(null))
  );
}

function checkAlternatives(context: Context, schema: Json, value: unknown, place: string): string[] {
  const all = listOf(schema['allOf']).flatMap((part) => check(context, part, value, place));
  const some = [...listOf(schema['anyOf']), ...listOf(schema['oneOf'])].map((part) =>
    check(context, part, value, place),
  );
  if (some.length === 0 || some.some((found) => found.length === 0)) return all;
  // Of several that do not fit, the one that nearly does says most.
  return [...all, ...(some.sort((a, b) => a.length - b.length)[0] ?? [])];
}

function checkType({ type }: Json, value: unknown, place: string): string[] {
  const types = listOf(type);
  if (types.length === 0 || types.some((one) => isOfType(value, one))) return [];
  return [`${place}: is ${typeOf(value)}, not ${types.join(' or ')}`];
}

function isOfType(value: unknown, type: unknown): boolean {
  return typeOf(value) === type || (type === 'number' && typeof value === 'number');
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'number' && Number.isInteger(value) ? 'integer' : typeof value;
}

function checkValue(schema: Json, value: unknown, place: string): string[] {
  const { enum: values, format, const: only } = schema;
  const found: string[] = [];
  if (Array.isArray(values) && !values.includes(value)) found.push(`${place}: is none of the values described`);
  if (only !== undefined && only !== value) found.push(`${place}: is not ${JSON.stringify(only)}`);
  if (
    format === 'date-time' &&
    typeof value === 'string' &&
    !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value)
  )
    found.push(`${place}: is no date-time`);
  if (format === 'uuid' && typeof value === 'string' && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value))
    found.push(`${place}: is no UUID`);
  return found;
}

function checkMembers(context: Context, schema: Json, value: unknown, place: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => check(context, schema['items'], item, `${place}[]`));
  if (!isObject(value)) return [];
  const missing = listOf(schema['required']).filter((key) => !Object.hasOwn(value, String(key)));
  const { properties = {}, additionalProperties: others } = schema;
  return [
    ...missing.map((key) => `${joined(place, String(key))}: is missing`),
    ...Object.entries(value).flatMap(([key, member]) => {
      const isOwn = isObject(properties) && Object.hasOwn(properties, key);
      return check(context, isOwn ? properties[key] : others, member, joined(place, isOwn ? key : '*'));
    }),
  ];
}

function checkDescribed(document: unknown, schema: Json, value: unknown, place: string): string[] {
  const known = described(document, schema, 0);
  if (known === undefined || !isObject(value) || Array.isArray(value)) return [];
  const unknown = Object.keys(value).filter((key) => !known.has(key));
  return unknown.map((key) => `${joined(place, key)}: is not described`);
}

/** Names of all members that a schema and its parts describe; `undefined` where one of them leaves them open. */
function described(document: unknown, given: unknown, depth: number): ReadonlySet<string> | undefined {
  const schema = resolved(document, given);
  if (!isObject(schema) || depth > 10) return undefined;
  const { properties, additionalProperties: others = false } = schema;
  const parts = [...listOf(schema['allOf']), ...listOf(schema['anyOf']), ...listOf(schema['oneOf'])];
  if (others !== false || (properties === undefined && parts.length === 0)) return undefined;
  const known = new Set(Object.keys(isObject(properties) ? properties : {}));
  for (const part of parts) {
    const names = described(document, part, depth + 1);
    if (names === undefined) return undefined;
    for (const name of names) known.add(name);
  }
  return known;
}

function joined(place: string, key: string): string {
  return place === '' ? key : `${place}.${key}`;
}

function listOf(value: unknown): unknown[] {
  return value === undefined ? [] : [value].flat();
}
