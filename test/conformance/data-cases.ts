import { JOE } from '../core/upsert/flow.js';

/** A customer that is hard to carry, upserted twice. */
export interface DataCase {
  readonly name: string;
  /** As a source would hand it over, in JSON: only so can a key be `__proto__`. */
  readonly json: string;
  /** What the provider must hold afterwards, byte for byte. */
  readonly holds?: string;
  /** Both outcomes. Default: created, then unchanged. */
  readonly expected?: string | Readonly<Record<string, string>>;
}

const kept = 'created, then unchanged';
const invalid = 'invalid, then invalid';

const joe = (fields: object): string => JSON.stringify({ ...JOE, ...fields });
const named = (name: string, last_name: string): DataCase => ({ name, json: joe({ last_name }), holds: last_name });
const metadata = (name: string, json: string, expected?: DataCase['expected']): DataCase => ({
  name,
  json: joe({ metadata: '@' }).replace('"@"', json),
  ...(expected !== undefined && { expected }),
});

export const dataCases: readonly DataCase[] = [
  named('accents', 'Müller-Lüdenscheidt'),
  named('Chinese', '王小明'),
  named('text from right to left', 'مرحبا'),
  named('emoji of several code points', 'Bob 👩‍👩‍👧‍👦'),
  named('an apostrophe', "O'Brien"),
  named('what SQL, HTML and templates are made of', `"); DROP <b>{{x}}</b> \${y} $& %s`),
  { name: 'a NUL character', json: joe({ last_name: 'a\0b' }), expected: invalid },
  { name: 'half a surrogate pair', json: joe({ last_name: 'a\ud800b' }), expected: invalid },
  {
    name: 'a name of 10 kB',
    json: joe({ last_name: 'x'.repeat(10_240) }),
    expected: { flexprice: invalid, stripe: invalid },
  },
  { name: 'an empty text', json: joe({ last_name: '' }), expected: invalid },
  { name: 'null where nothing is stored', json: joe({ phone: null }) },
  { name: 'nothing but what is needed', json: joe({}) },
  metadata('metadata 0 and false', '{"count":0,"paid":false}'),
  metadata('a metadata key with dots', '{"a.b.c":"x"}'),
  metadata('the metadata key __proto__', '{"__proto__":"x"}', invalid),
  metadata('the metadata key constructor', '{"constructor":"x"}', invalid),
  metadata('an integer that JavaScript cannot hold', '{"n":12345678901234567890}'),
  metadata('line breaks in a value', '{"note":"a\\r\\nx-evil: 1"}'),
  { name: 'a time within a DST change', json: joe({ updated_at: '2026-03-29T02:30:00+01:00' }) },
  { name: 'a time without an offset', json: joe({ updated_at: '2026-03-29T02:30:00' }), expected: invalid },
  { name: 'an e-mail address that is none', json: joe({ email: 'joe at example' }), expected: invalid },
  { name: 'an id with / ? # %', json: joe({ id: 'a/b?c#d%2Fe' }), expected: { autumn: invalid } },
  { name: 'an id with dots', json: joe({ id: 'a.b.json' }), expected: { autumn: invalid } },
  { name: 'an id that is a step up', json: joe({ id: '..' }), expected: { autumn: invalid, flexprice: invalid } },
  { name: 'an id of 250 characters', json: joe({ id: 'x'.repeat(250) }) },
  { name: 'a header in an id', json: joe({ id: 'a\r\nx-evil: 1' }), expected: invalid },
  { name: 'a header in an e-mail address', json: joe({ email: 'a@b.test\r\nx-evil: 1' }), expected: invalid },
];

export function expectedOfData({ expected = kept }: DataCase, id: string): string {
  return typeof expected === 'string' ? expected : (expected[id] ?? kept);
}
