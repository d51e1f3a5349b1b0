/** What the field `name` of a customer holds: its description, and the value. */
export const givenValues = [
  ['absent', undefined],
  ['`null`', null],
  ['`""`', ''],
  ['`0`', 0],
  ['`false`', false],
  ['`[]`', []],
  ['`{}`', {}],
] as const;

/**
 * What becomes of the values, in the order above: JSON that is sent, `nothing` (the field is left alone), `error` (the
 * customer is invalid), or `not cleared` (nothing is sent, and a warning says so).
 */
export interface SemanticsRow {
  /** The construct, in the words of the reference. */
  readonly construct: string;
  readonly rule: Readonly<Record<string, unknown>>;
  readonly create: readonly string[];
  readonly update: readonly string[];
}

export const valueSemantics: readonly SemanticsRow[] = [
  {
    construct: 'a path whose field is cleared by `null`',
    rule: { from: 'name', clear: 'null' },
    create: ['nothing', 'nothing', '""', '0', 'false', '[]', '{}'],
    update: ['nothing', 'null', '""', '0', 'false', '[]', '{}'],
  },
  {
    construct: 'a path whose field is cleared by `""`',
    rule: { from: 'name', clear: 'empty' },
    create: ['nothing', 'nothing', '""', '0', 'false', '[]', '{}'],
    update: ['nothing', '""', '""', '0', 'false', '[]', '{}'],
  },
  {
    construct: 'a path whose field cannot be cleared',
    rule: { from: 'name' },
    create: ['nothing', 'nothing', '""', '0', 'false', '[]', '{}'],
    update: ['nothing', 'not cleared', '""', '0', 'false', '[]', '{}'],
  },
  {
    construct: 'a required path',
    rule: { from: 'name', required: true, clear: 'null' },
    create: ['error', 'error', '""', '0', 'false', '[]', '{}'],
    update: ['nothing', 'null', '""', '0', 'false', '[]', '{}'],
  },
  {
    construct: 'a `default`',
    rule: { from: 'name', default: 0, clear: 'null' },
    create: ['0', '0', '""', '0', 'false', '[]', '{}'],
    update: ['nothing', 'null', '""', '0', 'false', '[]', '{}'],
  },
  {
    construct: 'a `default` of `false`',
    rule: { from: 'name', default: false, clear: 'null' },
    create: ['false', 'false', '""', '0', 'false', '[]', '{}'],
    update: ['nothing', 'null', '""', '0', 'false', '[]', '{}'],
  },
  {
    construct: 'a `default` of `null`',
    rule: { from: 'name', default: null, clear: 'null' },
    create: ['null', 'null', '""', '0', 'false', '[]', '{}'],
    update: ['nothing', 'null', '""', '0', 'false', '[]', '{}'],
  },
  {
    construct: 'a `fallback`',
    rule: { from: 'name', fallback: [{ constant: 'x' }], clear: 'null' },
    create: ['"x"', '"x"', '""', '0', 'false', '[]', '{}'],
    update: ['nothing', 'null', '""', '0', 'false', '[]', '{}'],
  },
  {
    construct: 'the first of several places, a constant last',
    rule: { from: ['name', { constant: 'x' }], clear: 'null' },
    create: ['"x"', '"x"', '""', '0', 'false', '[]', '{}'],
    update: ['"x"', '"x"', '""', '0', 'false', '[]', '{}'],
  },
  {
    construct: 'a template',
    rule: { template: 'n-{name}', clear: 'null' },
    create: ['nothing', 'nothing', '"n-"', '"n-0"', '"n-false"', 'error', 'error'],
    update: ['nothing', 'nothing', '"n-"', '"n-0"', '"n-false"', 'error', 'error'],
  },
  {
    construct: 'a transform of text',
    rule: { from: 'name', transform: ['to_string'], clear: 'null' },
    create: ['nothing', 'nothing', 'nothing', '"0"', '"false"', 'error', 'error'],
    update: ['nothing', 'null', 'nothing', '"0"', '"false"', 'error', 'error'],
  },
  {
    construct: 'a condition `present`',
    rule: { from: 'name', when: { present: 'name' }, clear: 'null' },
    create: ['nothing', 'nothing', '""', '0', 'false', '[]', '{}'],
    update: ['nothing', 'nothing', '""', '0', 'false', '[]', '{}'],
  },
  {
    construct: 'an `object`',
    rule: { object: { member: 'name' }, clear: 'null' },
    create: [
      'nothing',
      'nothing',
      '{"member":""}',
      '{"member":0}',
      '{"member":false}',
      '{"member":[]}',
      '{"member":{}}',
    ],
    update: ['nothing', 'null', '{"member":""}', '{"member":0}', '{"member":false}', '{"member":[]}', '{"member":{}}'],
  },
  {
    construct: 'an `each`',
    rule: { from: 'name', each: { member: 'x' }, clear: 'null' },
    create: ['nothing', 'nothing', 'error', 'error', 'error', '[]', 'error'],
    update: ['nothing', 'null', 'error', 'error', 'error', '[]', 'error'],
  },
  {
    construct: '`to_entries`',
    rule: { from: 'name', transform: [{ to_entries: { key: 'k', value: 'v' } }], clear: 'null' },
    create: ['nothing', 'nothing', 'error', 'error', 'error', 'error', '[]'],
    update: ['nothing', 'null', 'error', 'error', 'error', 'error', '[]'],
  },
  {
    construct: '`from_entries`',
    rule: { from: 'name', transform: [{ from_entries: { key: 'k', value: 'v' } }], clear: 'null' },
    create: ['nothing', 'nothing', 'error', 'error', 'error', '{}', 'error'],
    update: ['nothing', 'null', 'error', 'error', 'error', '{}', 'error'],
  },
  {
    construct: '`keyed`, merged by the provider',
    rule: { from: 'name', keyed: { shape: 'map', write: 'merge' } },
    create: ['nothing', 'nothing', 'error', 'error', 'error', 'error', 'nothing'],
    update: ['nothing', 'not cleared', 'error', 'error', 'error', 'error', 'nothing'],
  },
];
