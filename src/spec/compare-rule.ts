import type { Rule } from '../../schemas/mapping.js';
import type { ValueKind } from '../../schemas/transforms.js';
import { parsePath } from '../core/mapping/path.js';
import { nearest } from '../core/nearest.js';
import type { SentValue } from './sent-value.js';
import { type Shape, shapeOf } from './shape.js';

export const differenceCodes = [
  'spec_unknown_field',
  'spec_read_only',
  'spec_required',
  'spec_not_mapped',
  'spec_type',
  'spec_null',
  'spec_values',
  'spec_values_missing',
  'spec_max_length',
  'spec_format',
] as const;

/** Something that a mapping and the provider's description do not agree on. */
export interface Difference {
  readonly code: (typeof differenceCodes)[number];
  /** The provider's field. */
  readonly field: string;
  /** The values in question, where the difference is about some. */
  readonly values?: readonly string[];
  readonly message: string;
  readonly remedy: string;
}

/** Where a target leads in a request body, or the first key that is not there. */
export type Found = { readonly shape: Shape } | { readonly missing: string; readonly known: readonly string[] };

export function findTarget(document: unknown, body: Shape, target: string): Found {
  let shape = body;
  for (const key of parsePath(target)) {
    const schema = shape.properties.get(key) ?? openSchema(shape) ?? itemSchema(shape, key);
    if (schema === undefined) return { missing: key, known: [...shape.properties.keys()] };
    const inner = shapeOf(document, schema);
    shape = { ...inner, readOnly: inner.readOnly || shape.readOnly };
  }
  return { shape };
}

/** A form writes a list item by item, each under its number. */
function itemSchema({ items }: Shape, key: string): unknown {
  return /^\d+$/.test(key) ? items : undefined;
}

/** Descriptions leave `additionalProperties` out without meaning that anything may be sent. */
function openSchema({ additional }: Shape): unknown {
  return additional === undefined || additional === false ? undefined : additional;
}

export function unknownField(
  field: string,
  { missing, known }: { missing: string; known: readonly string[] },
): Difference {
  return {
    code: 'spec_unknown_field',
    field,
    message: `the description has no "${missing}"${nearest(missing, known)}`,
    remedy: 'Correct the name, or record that the description lacks it, with the proof.',
  };
}

/** @param when for which operation, where that makes a difference. */
export function required(field: string, when = ''): Difference {
  return {
    code: 'spec_required',
    field,
    message: `the description requires it${when}, and it is not always sent`,
    remedy: 'Add "required": true, with a default or a fallback, or record that the provider does without.',
  };
}

/** Everything in which what a rule sends differs from what the description takes. */
export function compareRule(field: string, rule: Rule, sent: SentValue, shape: Shape): Difference[] {
  return [
    ...readOnly(field, shape),
    ...types(field, sent, shape),
    ...clearing(field, rule, shape),
    ...values(field, sent, shape),
    ...length(field, sent, shape),
    ...format(field, sent, shape),
  ];
}

function readOnly(field: string, shape: Shape): Difference[] {
  if (!shape.readOnly) return [];
  const message = 'the description says that it cannot be written';
  return [
    { code: 'spec_read_only', field, message, remedy: 'Remove the rule, or record that the field can be written.' },
  ];
}

const jsonTypes: Readonly<Record<ValueKind, readonly string[]>> = {
  text: ['string'],
  number: ['number', 'integer'],
  boolean: ['boolean'],
  list: ['array'],
  object: ['object'],
};

function types(field: string, { kinds }: SentValue, { types: taken }: Shape): Difference[] {
  const wrong = [...(kinds ?? [])].filter((kind) => taken.size > 0 && !jsonTypes[kind].some((type) => taken.has(type)));
  if (wrong.length === 0) return [];
  return [
    {
      code: 'spec_type',
      field,
      message: `sends ${wrong.join(' or ')}, the description takes ${[...taken].join(' or ')}`,
      remedy: 'Add a transform that makes the right type.',
    },
  ];
}

function clearing(
  field: string,
  { clear, on }: Rule,
  { types: taken, values: allowed, minLength = 0 }: Shape,
): Difference[] {
  const remedy = 'Say how the provider clears the field, or record how it was proven.';
  const refused =
    clear === 'null'
      ? (taken.size > 0 && !taken.has('null')) || (allowed !== undefined && !allowed.includes(null))
      : clear === 'empty' && (minLength > 0 || (allowed !== undefined && !allowed.includes('')));
  if (!refused || on === 'create') return [];
  const sent = clear === 'null' ? 'null' : '""';
  return [{ code: 'spec_null', field, message: `is cleared by ${sent}, which the description does not take`, remedy }];
}

function values(field: string, { members }: SentValue, { values: allowed }: Shape): Difference[] {
  if (allowed === undefined) return [];
  const known = allowed.filter((value) => value !== null).map(String);
  if (members === undefined) {
    const message = `may send anything, the description takes ${listed(known)}`;
    return [{ code: 'spec_values', field, message, remedy: 'Add one_of with the allowed values, and an overflow.' }];
  }
  const sent = members.map(String);
  const extra = sent.filter((value) => !known.includes(value));
  const missing = known.filter((value) => !sent.includes(value));
  return [
    ...(extra.length === 0 ? [] : [extraValues(field, extra)]),
    ...(missing.length === 0 ? [] : [missingValues(field, missing)]),
  ];
}

function extraValues(field: string, extra: readonly string[]): Difference {
  return {
    code: 'spec_values',
    field,
    values: extra,
    message: `may send ${listed(extra)}, which the description does not take`,
    remedy: 'Limit the rule with one_of, or record that the provider takes them.',
  };
}

function missingValues(field: string, missing: readonly string[]): Difference {
  return {
    code: 'spec_values_missing',
    field,
    values: missing,
    message: `never sends ${listed(missing)}, which the description takes`,
    remedy: 'Add them to the rule, or record why they are left out.',
  };
}

function length(field: string, { maxLength, members, kinds }: SentValue, { maxLength: taken }: Shape): Difference[] {
  const longest = members === undefined ? maxLength : Math.max(0, ...members.map((value) => String(value).length));
  if (taken === undefined || kinds?.has('text') === false || (longest !== undefined && longest <= taken)) return [];
  const message = `may send ${longest === undefined ? 'text of any length' : `${longest} characters`}, the description takes ${taken}`;
  return [{ code: 'spec_max_length', field, message, remedy: `Add "max_length": ${taken} and an overflow.` }];
}

/** Fields of the customer whose values have a format that descriptions name. */
const formats: Readonly<Record<string, readonly string[]>> = {
  email: ['email'],
  uri: ['url', 'logo_url'],
  url: ['url', 'logo_url'],
  'date-time': ['updated_at'],
};

function format(field: string, { copiedFrom, kinds }: SentValue, { format: name }: Shape): Difference[] {
  const sources = name === undefined ? undefined : formats[name];
  // `double`, `int32` and the like say no more than the type does.
  if (name === undefined || kinds?.has('text') === false) return [];
  if (sources !== undefined && copiedFrom.length > 0 && copiedFrom.every((path) => sources.includes(path))) return [];
  const message = `the description wants the format ${name}, which the value is not known to have`;
  return [
    { code: 'spec_format', field, message, remedy: 'Take the value from a field of that format, or record the proof.' },
  ];
}

const mostListed = 6;

function listed(names: readonly string[]): string {
  const more = names.length - mostListed;
  return `${names.slice(0, mostListed).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
