import { z } from 'zod';
import {
  asText,
  escapeId,
  fromEntries,
  joinList,
  matchLocale,
  toBoolean,
  toEntries,
  toNumber,
  undoLookup,
  unescapeId,
} from './transform-functions.js';

export type ValueKind = 'text' | 'number' | 'boolean' | 'list' | 'object';

/**
 * One step of a mapping rule. The list below is closed: a mapping names a transform, it never carries code.
 *
 * `apply` and `inverse` get a value that is neither `null` nor absent. They answer `undefined` for a value they cannot
 * convert, which the engine reports as an error of that field, and `null` where the result is "no value".
 */
export interface Transform<Options = unknown> {
  /** The kinds of value it accepts, and what it makes of them. */
  readonly takes: readonly ValueKind[];
  readonly gives: readonly ValueKind[];
  /** Whether it refuses some values of the kinds it accepts. */
  readonly partial?: (options: Options) => boolean;
  /** What the mapping file writes: the bare name where there are no options, else `{"<name>": <options>}`. */
  readonly options: z.ZodType<Options> | undefined;
  readonly apply: (value: unknown, options: Options) => unknown;
  /** Absent where information is lost; a rule that needs a reverse must then state one. */
  readonly inverse?: (value: unknown, options: Options) => unknown;
  /** Whether these options lose information after all. */
  readonly isLossy?: (options: Options) => boolean;
  readonly doc: string;
  /** `[input, output]` pairs, run as tests and shown in the reference. */
  readonly examples: readonly (readonly [input: unknown, output: unknown, options?: Options])[];
}

function transform<Options = undefined>(definition: Transform<Options>): Transform<Options> {
  return definition;
}

const onText = (change: (value: string) => unknown) => (value: unknown) =>
  typeof value === 'string' ? change(value) : undefined;

const unchanged = (value: unknown) => value;

const textOnly: readonly ValueKind[] = ['text'];
const scalars: readonly ValueKind[] = ['text', 'number', 'boolean'];
const always = () => true;

const affix = z.string().min(1).max(100);
const separator = z.string().min(1).max(10);
const entryFields = z.strictObject({ key: z.string().min(1).max(100), value: z.string().min(1).max(100) });

const lookupOptions = z.strictObject({
  /** Value as text -> result. */
  table: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  /** What a value outside the table becomes; without it such a value is an error. */
  otherwise: z.union([z.string(), z.number(), z.boolean()]).optional(),
});

export const transforms = {
  trim: transform({
    takes: textOnly,
    gives: textOnly,
    options: undefined,
    apply: onText((value) => value.trim()),
    inverse: unchanged,
    doc: 'Removes white space at both ends.',
    examples: [['  Acme ', 'Acme']],
  }),
  collapse_spaces: transform({
    takes: textOnly,
    gives: textOnly,
    options: undefined,
    apply: onText((value) => value.trim().replace(/\s+/g, ' ')),
    inverse: unchanged,
    doc: 'Turns every run of white space into one space, and removes it at both ends.',
    examples: [['Jane \n Doe ', 'Jane Doe']],
  }),
  lower: transform({
    takes: textOnly,
    gives: textOnly,
    options: undefined,
    apply: onText((value) => value.toLowerCase()),
    inverse: unchanged,
    doc: 'Lower case.',
    examples: [['Jane@Example.COM', 'jane@example.com']],
  }),
  upper: transform({
    takes: textOnly,
    gives: textOnly,
    options: undefined,
    apply: onText((value) => value.toUpperCase()),
    inverse: unchanged,
    doc: 'Upper case.',
    examples: [['de', 'DE']],
  }),
  to_string: transform({
    takes: scalars,
    gives: textOnly,
    options: undefined,
    apply: asText,
    inverse: unchanged,
    doc: 'Writes a number or a boolean as text.',
    examples: [
      [42, '42'],
      [false, 'false'],
    ],
  }),
  to_number: transform({
    takes: ['text', 'number'],
    gives: ['number'],
    partial: always,
    options: undefined,
    apply: toNumber,
    doc: 'Reads text as a number; text that is not one, or a whole number too large to be kept exactly, is an error.',
    examples: [
      ['42', 42],
      ['0', 0],
      ['4x', undefined],
      ['9007199254740993', undefined],
    ],
  }),
  to_boolean: transform({
    takes: scalars,
    gives: ['boolean'],
    partial: always,
    options: undefined,
    apply: toBoolean,
    doc: 'Reads "true", "yes", "y", "1", "on" and "false", "no", "n", "0", "off" (any case) as a boolean.',
    examples: [
      ['Yes', true],
      ['0', false],
      ['maybe', undefined],
    ],
  }),
  lookup: transform({
    takes: scalars,
    gives: scalars,
    partial: ({ otherwise }) => otherwise === undefined,
    options: lookupOptions,
    apply: (value, { table, otherwise }) => {
      const key = asText(value);
      return key !== undefined && Object.hasOwn(table, key) ? table[key] : otherwise;
    },
    inverse: undoLookup,
    isLossy: ({ table }) => new Set(Object.values(table)).size < Object.keys(table).length,
    doc: 'Replaces a value by the one that a table gives for it.',
    examples: [
      ['person', 'individual', { table: { person: 'individual', org: 'company' } }],
      ['other', undefined, { table: { person: 'individual' } }],
      ['other', 'company', { table: { person: 'individual' }, otherwise: 'company' }],
    ],
  }),
  prefix: transform({
    takes: textOnly,
    gives: textOnly,
    options: affix,
    apply: (value, text) => (typeof value === 'string' ? text + value : undefined),
    inverse: (value, text) =>
      typeof value === 'string' && value.startsWith(text) ? value.slice(text.length) : undefined,
    doc: 'Puts fixed text in front.',
    examples: [['42', 'crm-42', 'crm-']],
  }),
  suffix: transform({
    takes: textOnly,
    gives: textOnly,
    options: affix,
    apply: (value, text) => (typeof value === 'string' ? value + text : undefined),
    inverse: (value, text) =>
      typeof value === 'string' && value.endsWith(text) ? value.slice(0, -text.length) : undefined,
    doc: 'Puts fixed text behind.',
    examples: [['42', '42-eu', '-eu']],
  }),
  replace: transform({
    takes: textOnly,
    gives: textOnly,
    options: z.strictObject({ find: z.string().min(1).max(100), with: z.string().max(100) }),
    apply: (value, options) => (typeof value === 'string' ? value.split(options.find).join(options.with) : undefined),
    doc: 'Replaces every occurrence of one fixed text by another. No patterns.',
    examples: [['12.345', '12345', { find: '.', with: '' }]],
  }),
  split: transform({
    takes: textOnly,
    gives: ['list'],
    options: separator,
    apply: (value, text) => (typeof value === 'string' ? value.split(text).map((part) => part.trim()) : undefined),
    inverse: (value, text) => joinList(value, text),
    doc: 'Cuts text into a list at a separator.',
    examples: [['a; b', ['a', 'b'], ';']],
  }),
  join: transform({
    takes: ['list'],
    gives: textOnly,
    partial: always,
    options: separator,
    apply: (value, text) => joinList(value, text),
    inverse: (value, text) => (typeof value === 'string' ? value.split(text) : undefined),
    doc: 'Joins a list to text with a separator.',
    examples: [[['a', 'b'], 'a,b', ',']],
  }),
  to_entries: transform({
    takes: ['object'],
    gives: ['list'],
    options: entryFields,
    apply: toEntries,
    inverse: fromEntries,
    doc: 'Turns an object into a list with one object for each of its keys.',
    examples: [
      [
        { a: 1, b: 2 },
        [
          { k: 'a', v: 1 },
          { k: 'b', v: 2 },
        ],
        { key: 'k', value: 'v' },
      ],
      [{}, [], { key: 'k', value: 'v' }],
    ],
  }),
  from_entries: transform({
    takes: ['list'],
    gives: ['object'],
    partial: always,
    options: entryFields,
    apply: fromEntries,
    inverse: toEntries,
    doc: 'Turns a list of objects into one object; an entry without a key, or a key that comes twice, is an error.',
    examples: [
      [[{ k: 'a', v: 1 }], { a: 1 }, { key: 'k', value: 'v' }],
      [[{ v: 1 }], undefined, { key: 'k', value: 'v' }],
    ],
  }),
  first_word: transform({
    takes: textOnly,
    gives: textOnly,
    options: undefined,
    apply: onText((value) => value.trim().split(/\s+/)[0] || null),
    doc: 'The first word, for a given name taken from a full name; no value when there is none.',
    examples: [
      ['Jane van Dyke', 'Jane'],
      [' ', null],
    ],
  }),
  rest_words: transform({
    takes: textOnly,
    gives: textOnly,
    options: undefined,
    apply: onText((value) => value.trim().split(/\s+/).slice(1).join(' ') || null),
    doc: 'All words but the first; no value when there is only one.',
    examples: [
      ['Jane van Dyke', 'van Dyke'],
      ['Acme', null],
    ],
  }),
  locale_match: transform({
    takes: textOnly,
    gives: textOnly,
    partial: always,
    options: z.array(z.string().min(2)).min(1),
    apply: (value, supported) => (typeof value === 'string' ? matchLocale(value, supported) : undefined),
    inverse: unchanged,
    doc: 'Picks the supported language that fits a BCP 47 tag: the same tag, else the same language.',
    examples: [
      ['pt-BR', 'pt-BR', ['en', 'pt-BR']],
      ['de-AT', 'de', ['en', 'de']],
      ['ja', undefined, ['en', 'de']],
    ],
  }),
  escape_id: transform({
    takes: textOnly,
    gives: textOnly,
    options: undefined,
    apply: onText(escapeId),
    inverse: onText(unescapeId),
    doc: 'Writes every UTF-8 byte outside A-Z, a-z, 0-9, "_" and "-" as ":" and two hex digits. Reversible.',
    examples: [
      ['acme.com', 'acme:2ecom'],
      ['a:b', 'a:3ab'],
      ['acct_1-x', 'acct_1-x'],
    ],
  }),
} as const;

/** A step as a mapping file writes it: `"trim"`, or `{"prefix": "crm-"}`. */
export const transformStepSchema = z.union(
  Object.entries(transforms).map(([name, { options }]) =>
    options === undefined ? z.literal(name) : z.strictObject({ [name]: options }),
  ),
  { error: `must be one of: ${Object.keys(transforms).join(', ')}` },
);

export type TransformStep = string | Readonly<Record<string, unknown>>;
