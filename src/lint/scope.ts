import type { z } from 'zod';
import type { ValueKind } from '../../schemas/transforms.js';
import { parsePath } from '../core/mapping/path.js';
import type { Pointer } from '../core/mapping/places.js';
import { nearest } from '../core/nearest.js';
import { type FieldType, type Lookup, leafPaths, type OwnFields, typeOfPath, typeWithin } from './field-type.js';
import type { Remark } from './finding.js';

/** What the paths of a source start at. */
export interface Scope {
  readonly own: OwnFields | undefined;
  /** Within `each`: the schema of an item, absent where it cannot be told. */
  readonly item?: { readonly schema: z.ZodType | undefined };
}

const kindNames: Readonly<Record<ValueKind, string>> = {
  text: 'text',
  number: 'a number',
  boolean: 'true or false',
  list: 'a list',
  object: 'an object',
};

export function kindsText(kinds: Iterable<ValueKind>): string {
  return [...kinds].map((kind) => kindNames[kind]).join(' or ');
}

export function lookUp(path: string, { own, item }: Scope): Lookup {
  const keys = parsePath(path);
  if (item === undefined) return typeOfPath(keys, own);
  return item.schema === undefined ? 'unknown' : typeWithin(item.schema, keys);
}

export function unknownPath(path: string, at: Pointer, { own, item }: Scope): Remark {
  const known =
    item?.schema !== undefined
      ? leafPaths(item.schema).map((keys) => keys.join('.'))
      : own === undefined
        ? []
        : leafPaths(own.fields).map((keys) => ['provider_fields', own.provider, ...keys].join('.'));
  return {
    at,
    code: 'unknown_path',
    message: `unknown path "${path}"${nearest(path, known)}`,
    remedy: known.length === 0 ? 'Use a path that exists.' : `Use one of: ${known.join(', ')}.`,
  };
}

/** Whether values of a type are of these kinds: all, some or none of them. An unknown type gets the benefit of doubt. */
export function accepts(kinds: readonly ValueKind[], type: FieldType | undefined): 'all' | 'some' | 'none' {
  if (type === undefined) return 'all';
  const fitting = [...type.kinds].filter((kind) => kinds.includes(kind)).length;
  return fitting === type.kinds.size ? 'all' : fitting > 0 ? 'some' : 'none';
}

export function mismatch(at: Pointer, message: string): Remark {
  return {
    at,
    code: 'type_mismatch',
    message,
    remedy: 'Convert the value with a transform, or take it from elsewhere.',
  };
}
