import { isObject } from '../../src/core/mapping/path.js';
import type { Chance } from './random.js';

/** What has broken readers before. */
const nastyTexts = [
  '',
  ' ',
  '"',
  "'",
  '\\',
  '\\u',
  '\\ud800',
  '\ud800',
  '\u0000',
  '\u2028',
  '\u202e',
  '\ufeff',
  '{',
  '}',
  '[',
  ']',
  '[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[',
  ',',
  ':',
  ',,,,',
  '\t',
  '\r',
  'null',
  'true',
  '1e999',
  '-0',
  '9007199254740993',
  '{{}}',
  '{__proto__}',
  '__proto__',
  'constructor',
  'toString',
  '=cmd()',
  '$&',
  '%00',
  '<script>',
  '😀',
  'e\u0301',
  'İ',
  'x'.repeat(3_000),
] as const;

const nastyValues = [
  null,
  true,
  0,
  -1,
  1e308,
  '',
  [],
  {},
  [[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]],
  { constructor: 1 },
  JSON.parse('{"__proto__": {"polluted": true}}') as object,
  [null],
  ['a', 1, {}],
  { a: { b: { c: {} } } },
] as const;

export function nastyText(chance: Chance): string {
  return chance.pick(nastyTexts);
}

/** JSON of so many levels that whoever calls itself for each of them is out of stack. */
export function bottomlessJson(chance: Chance): string {
  const [open, close] = chance.pick([['[', ']'] as const, ['{"a":', '}'] as const]);
  return `${open.repeat(bottom)}1${close.repeat(bottom)}`;
}

const bottom = 50_000;

/** A text with one to three pieces added, taken out, doubled or replaced. */
export function mutateText(text: string, chance: Chance): string {
  let mutated = text;
  for (let left = 1 + chance.int(3); left > 0; left -= 1) {
    const start = chance.int(mutated.length + 1);
    const end = Math.min(mutated.length, start + chance.int(8));
    const piece = mutated.slice(start, end);
    const put = chance.pick([
      () => nastyText(chance),
      () => '',
      () => piece + piece,
      () => [...piece].reverse().join(''),
    ]);
    mutated = mutated.slice(0, start) + put() + mutated.slice(end);
  }
  return mutated;
}

/** A copy of a JSON value in which one to three members are replaced, taken out, renamed or put elsewhere. */
export function mutateValue(value: unknown, chance: Chance): unknown {
  const copy: unknown = structuredClone(value);
  for (let left = 1 + chance.int(3); left > 0; left -= 1) {
    const holders = holdersIn(copy);
    const [first, ...rest] = holders;
    if (first === undefined) return nastyValue(chance);
    const holder = chance.pick([first, ...rest]);
    const [key = 'added', ...others] = Object.keys(holder);
    changeMember(holder, chance.pick([key, ...others]), chance.pick([first, ...rest]), chance);
  }
  return copy;
}

function changeMember(holder: object, key: string, other: object, chance: Chance): void {
  const value: unknown = Reflect.get(holder, key);
  switch (chance.int(6)) {
    case 0:
      Reflect.deleteProperty(holder, key);
      break;
    case 1:
      define(holder, nastyText(chance), value);
      break;
    case 2:
      define(holder, key, structuredClone(other));
      break;
    case 3:
      define(holder, key, typeof value === 'string' ? mutateText(value, chance) : nastyText(chance));
      break;
    default:
      define(holder, key, nastyValue(chance));
  }
}

/** As JSON.parse makes members: an own one, whatever it is called. */
function define(holder: object, key: string, value: unknown): void {
  if (Array.isArray(holder) && !/^\d+$/.test(key)) return;
  Object.defineProperty(holder, key, { value, configurable: true, enumerable: true, writable: true });
}

function nastyValue(chance: Chance): unknown {
  return chance.oneIn(2) ? nastyText(chance) : structuredClone(chance.pick<unknown>(nastyValues));
}

function holdersIn(value: unknown, found: object[] = []): object[] {
  if (!isObject(value) || found.length > 500) return found;
  found.push(value);
  for (const member of Object.values(value)) holdersIn(member, found);
  return found;
}
