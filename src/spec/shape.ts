import { isObject } from '../core/mapping/path.js';

type Schema = Readonly<Record<string, unknown>>;

/** What an OpenAPI schema says about one value, with references followed and alternatives taken together. */
export interface Shape {
  /** JSON types, `null` and `integer` among them. Empty: any. */
  readonly types: ReadonlySet<string>;
  /** All the values there are. */
  readonly values?: readonly unknown[];
  readonly maxLength?: number;
  readonly minLength?: number;
  readonly format?: string;
  readonly readOnly: boolean;
  readonly properties: ReadonlyMap<string, unknown>;
  readonly required: ReadonlySet<string>;
  /** The schema of further properties; `true` where any are allowed. */
  readonly additional: unknown;
  readonly items: unknown;
}

/** References may lead in a circle, and a schema may be anything. */
const deepest = 50;

/** @param document the whole description, which references point into. */
export function shapeOf(document: unknown, schema: unknown, depth = 0): Shape {
  const own = isObject(schema) && depth < deepest ? schema : {};
  const parts = [
    ...(typeof own['$ref'] === 'string' ? [shapeOf(document, resolve(document, own['$ref']), depth + 1)] : []),
    ...listOf(own['allOf']).map((part) => shapeOf(document, part, depth + 1)),
    ...['oneOf', 'anyOf'].flatMap((key) => {
      const branches = listOf(own[key]).map((part) => shapeOf(document, part, depth + 1));
      return branches.length === 0 ? [] : [branches.reduce(either)];
    }),
  ];
  return parts.reduce(both, plainShape(own));
}

/** What a local reference such as `#/components/schemas/Customer` points to. */
export function resolve(document: unknown, reference: string): unknown {
  if (!reference.startsWith('#/')) return undefined;
  const keys = reference
    .slice(2)
    .split('/')
    .map((key) => decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~'));
  return keys.reduce<unknown>(
    (value, key) => (isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined),
    document,
  );
}

function plainShape(schema: Schema): Shape {
  const { maxLength, minLength, format } = schema;
  const values = Array.isArray(schema['enum']) ? schema['enum'] : 'const' in schema ? [schema['const']] : undefined;
  const named = typeof schema['type'] === 'string' ? [schema['type']] : listOf(schema['type']).map(String);
  // OpenAPI 3.0 writes `nullable`, 3.1 the type `null`.
  const types = schema['nullable'] === true && named.length > 0 ? [...named, 'null'] : named;
  return {
    types: new Set(types),
    ...(values !== undefined && { values }),
    ...(typeof maxLength === 'number' && { maxLength }),
    ...(typeof minLength === 'number' && { minLength }),
    ...(typeof format === 'string' && { format }),
    readOnly: schema['readOnly'] === true,
    properties: new Map(Object.entries(isObject(schema['properties']) ? schema['properties'] : {})),
    required: new Set(listOf(schema['required']).map(String)),
    additional: schema['additionalProperties'],
    items: schema['items'],
  };
}

/** A value that fits both: `allOf`, or what stands beside a reference. */
function both(one: Shape, other: Shape): Shape {
  return {
    types:
      one.types.size === 0 || other.types.size === 0 ? union(one.types, other.types) : common(one.types, other.types),
    ...valuesOf(
      one.values !== undefined && other.values !== undefined ? commonValues(one, other) : (one.values ?? other.values),
    ),
    ...lengthOf('maxLength', smallest(one.maxLength, other.maxLength)),
    ...lengthOf('minLength', largest(one.minLength, other.minLength)),
    ...formatOf(one.format ?? other.format),
    readOnly: one.readOnly || other.readOnly,
    properties: new Map([...one.properties, ...other.properties]),
    required: union(one.required, other.required),
    additional: one.additional ?? other.additional,
    items: one.items ?? other.items,
  };
}

/** A value that fits one of two: `oneOf`, `anyOf`. A branch that is nothing but `null` limits nothing. */
function either(one: Shape, other: Shape): Shape {
  if (isNull(one)) return withNull(other);
  if (isNull(other)) return withNull(one);
  const isAny = one.types.size === 0 || other.types.size === 0;
  const isListed = one.values !== undefined && other.values !== undefined;
  return {
    types: isAny ? new Set() : union(one.types, other.types),
    ...valuesOf(isListed ? [...(one.values ?? []), ...(other.values ?? [])] : undefined),
    ...lengthOf(
      'maxLength',
      one.maxLength === undefined || other.maxLength === undefined
        ? undefined
        : largest(one.maxLength, other.maxLength),
    ),
    ...lengthOf(
      'minLength',
      one.minLength === undefined || other.minLength === undefined
        ? undefined
        : smallest(one.minLength, other.minLength),
    ),
    ...formatOf(one.format === other.format ? one.format : undefined),
    readOnly: one.readOnly && other.readOnly,
    properties: new Map([...one.properties, ...other.properties]),
    required: common(one.required, other.required),
    additional: one.additional ?? other.additional,
    items: one.items ?? other.items,
  };
}

function isNull({ types, values }: Shape): boolean {
  return (types.size === 1 && types.has('null')) || values?.every((value) => value === null) === true;
}

function withNull(shape: Shape): Shape {
  return {
    ...shape,
    types: shape.types.size === 0 ? shape.types : union(shape.types, new Set(['null'])),
    ...valuesOf(shape.values === undefined ? undefined : [...shape.values, null]),
  };
}

function commonValues(one: Shape, other: Shape): readonly unknown[] {
  return (one.values ?? []).filter((value) => other.values?.includes(value));
}

const valuesOf = (values: readonly unknown[] | undefined) => (values === undefined ? {} : { values });
const lengthOf = (name: 'maxLength' | 'minLength', length: number | undefined) =>
  length === undefined ? {} : { [name]: length };
const formatOf = (format: string | undefined) => (format === undefined ? {} : { format });
const smallest = (one = Infinity, other = Infinity) => finite(Math.min(one, other));
const largest = (one = -Infinity, other = -Infinity) => finite(Math.max(one, other));
const finite = (number: number) => (Number.isFinite(number) ? number : undefined);
const union = <T>(one: ReadonlySet<T>, other: ReadonlySet<T>) => new Set([...one, ...other]);
const common = <T>(one: ReadonlySet<T>, other: ReadonlySet<T>) => new Set([...one].filter((item) => other.has(item)));

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
