import { customerSchema } from '../../schemas/customer.js';
import { type Reading, remembering, textReader } from './reading.js';

const utcWords: ReadonlySet<string> = new Set(['utc', 'gmt', 'z']);

/** Reads an IANA time zone in any case. An offset such as `+02:00` is no zone: two zones share it for half of the year. */
export const readTimeZone = remembering(
  textReader((text): Reading => {
    const zone = utcWords.has(text.toLowerCase()) ? 'UTC' : findZone(text.replaceAll(' ', '_'));
    if (zone === undefined) return { unreadable: 'is not an IANA time zone' };
    return zone === text ? undefined : { to: zone, message: 'written as the IANA name' };
  }),
);

const regions =
  'Africa America Antarctica Arctic Asia Atlantic Australia Brazil Canada Chile Etc Europe Indian Mexico Pacific US';

/** The IANA names without a region. Intl knows more, such as `CST` and `IST`, each of which names several zones. */
const withoutRegion =
  'CET CST6CDT Cuba EET EST EST5EDT Egypt Eire GB GB-Eire GMT+0 GMT-0 GMT0 Greenwich HST Hongkong Iceland Iran Israel ' +
  'Jamaica Japan Kwajalein Libya MET MST MST7MDT NZ NZ-CHAT Navajo PRC PST8PDT Poland Portugal ROC ROK Singapore ' +
  'Turkey UCT Universal W-SU WET Zulu';

/** Parts of older names that are not written as words with a capital. */
const oddParts =
  'ACT BajaNorte BajaSur ComodRivadavia DeNoronha EasterIsland Isle_of_Man Knox_IN LHI NSW UCT US UTC GMT0';

let spellings: { readonly names: ReadonlyMap<string, string>; readonly parts: ReadonlyMap<string, string> } | undefined;

function findZone(text: string): string | undefined {
  spellings ??= {
    names: byLowerCase([...Intl.supportedValuesOf('timeZone'), ...withoutRegion.split(' ')]),
    parts: byLowerCase(oddParts.split(' ')),
  };
  const name = spellings.names.get(text.toLowerCase());
  return name ?? findOlderName(text, spellings.parts);
}

/** Intl lists only one name of each zone, and accepts all: `Asia/Kolkata` beside the listed `Asia/Calcutta`. */
function findOlderName(text: string, parts: ReadonlyMap<string, string>): string | undefined {
  const words = text
    .toLowerCase()
    .split('/')
    .map((part) => parts.get(part) ?? spell(part));
  const name = words.join('/');
  return regions.split(' ').includes(words[0] ?? '') && customerSchema.shape.timezone.safeParse(name).success
    ? name
    : undefined;
}

function spell(part: string): string {
  if (/^gmt[+-]?\d*$/.test(part)) return part.toUpperCase();
  return part.replace(/(?:^|[_-])[a-z]/g, (start) => start.toUpperCase());
}

function byLowerCase(names: readonly string[]): ReadonlyMap<string, string> {
  return new Map(names.map((name) => [name.toLowerCase(), name]));
}
