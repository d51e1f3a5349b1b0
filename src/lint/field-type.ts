import { z } from 'zod';
import { countryCodes } from '../../schemas/countries.js';
import { customerSchema } from '../../schemas/customer.js';
import type { ValueKind } from '../../schemas/transforms.js';
import { formatPath } from '../core/mapping/path.js';

/** What values a place may hold, as far as that is known. */
export interface FieldType {
  readonly kinds: ReadonlySet<ValueKind>;
  /** All the values there are. Absent where there are too many to tell. */
  readonly members?: readonly (string | number | boolean)[];
  /** Code points that no text exceeds. Absent: any number. */
  readonly maxLength?: number;
  /** Items that no list exceeds. Absent: any number. */
  readonly maxItems?: number;
  /** The type of an item, for what a list or an object of it holds. */
  readonly schema?: z.ZodType;
}

/** A fact of the formats that the canonical schema checks by code, which therefore cannot be read from it. */
const formats: Readonly<Record<string, Pick<FieldType, 'members' | 'maxLength'>>> = {
  email: { maxLength: 320 },
  phone: { maxLength: 16 },
  timezone: { maxLength: 40 },
  currency: { maxLength: 3, members: Intl.supportedValuesOf('currency') },
  'address.country': { maxLength: 2, members: [...countryCodes] },
  'shipping_address.country': { maxLength: 2, members: [...countryCodes] },
};

/** Whose `provider_fields` a path may lead to, and what they are. */
export interface OwnFields {
  readonly provider: string;
  readonly fields: z.ZodType;
}

/** `unknown` for what nobody can tell; `missing` where the place cannot exist. */
export type Lookup = { readonly type: FieldType } | 'unknown' | 'missing';

/** The type of a place in the canonical customer. */
export function typeOfPath(keys: readonly string[], own: OwnFields | undefined): Lookup {
  const [first, second, ...rest] = keys;
  if (first === 'provider_fields') {
    if (own === undefined || second === undefined) return 'unknown';
    return second === own.provider ? typeWithin(own.fields, rest) : 'missing';
  }
  const found = typeWithin(customerSchema, keys);
  if (typeof found === 'string') return found;
  return { type: { ...found.type, ...formats[formatPath(keys)] } };
}

/** The type of a place below one that has a schema. */
export function typeWithin(schema: z.ZodType, keys: readonly string[]): Lookup {
  let current = unwrap(schema);
  for (const key of keys) {
    if (current instanceof z.ZodObject) {
      const member: unknown = Object.hasOwn(current.shape, key) ? current.shape[key] : undefined;
      if (!(member instanceof z.ZodType)) return 'missing';
      current = unwrap(member);
    } else if (current instanceof z.ZodRecord) current = unwrap(current.valueType);
    else if (isOpaque(current)) return 'unknown';
    else return 'missing';
  }
  return isOpaque(current) ? 'unknown' : { type: typeOfSchema(current) };
}

/** The type of the items of a list. */
export function itemSchema({ schema }: FieldType): z.ZodType | undefined {
  return schema instanceof z.ZodArray ? unwrap(schema.element) : undefined;
}

/** Every place of a schema that can be set on its own: the members of objects, but not those of objects in lists. */
export function leafPaths(schema: z.ZodType, path: readonly string[] = []): (readonly string[])[] {
  const inner = unwrap(schema);
  if (!(inner instanceof z.ZodObject)) return [path];
  return Object.entries(inner.shape).flatMap(([key, member]) =>
    member instanceof z.ZodType ? leafPaths(member, [...path, key]) : [],
  );
}

function unwrap(schema: unknown): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodLazy) {
    return unwrap(schema.unwrap());
  }
  return schema instanceof z.ZodType ? schema : z.unknown();
}

function isOpaque(schema: z.ZodType): boolean {
  return schema instanceof z.ZodUnknown || schema instanceof z.ZodAny;
}

function typeOfSchema(schema: z.ZodType): FieldType {
  if (schema instanceof z.ZodString) {
    return { kinds: new Set(['text']), ...(schema.maxLength !== null && { maxLength: schema.maxLength }) };
  }
  if (schema instanceof z.ZodEnum) {
    const members = schema.options.map(String);
    return { kinds: new Set(['text']), members, maxLength: Math.max(...members.map((member) => member.length)) };
  }
  if (schema instanceof z.ZodNumber) return { kinds: new Set(['number']) };
  if (schema instanceof z.ZodBoolean) return { kinds: new Set(['boolean']), members: [true, false] };
  if (schema instanceof z.ZodArray) return { kinds: new Set(['list']), schema };
  if (schema instanceof z.ZodObject || schema instanceof z.ZodRecord) return { kinds: new Set(['object']), schema };
  if (schema instanceof z.ZodUnion) {
    return { kinds: new Set(schema.options.flatMap((option) => [...typeOfSchema(unwrap(option)).kinds])) };
  }
  return { kinds: new Set(['text']) };
}
