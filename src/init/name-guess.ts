import { isCanonicalPath } from '../core/customer/canonical-paths.js';
import { formatPath, tryParsePath } from '../core/mapping/path.js';
import {
  addressNames,
  addressPrefixes,
  compactName,
  emptyPrefixes,
  fieldNames,
  otherSystems,
  snakeName,
  unwanted,
} from './column-names.js';

/** What a column seems to hold, going by its name alone. */
export type NameGuess =
  /** `rank`: of two columns for one field the lower one is the surer. */
  | { readonly kind: 'field'; readonly field: string; readonly rank: number; readonly exact: boolean }
  | { readonly kind: 'unwanted'; readonly reason: string };

/** @param systems names of systems besides the well-known ones, whose id of a customer a column may hold. */
export function guessByName(column: string, systems: readonly string[]): NameGuess | undefined {
  const canonical = canonicalPath(column);
  if (canonical !== undefined) return { kind: 'field', field: canonical, rank: 0, exact: true };
  const name = compactName(column);
  const metadata = /^(.+)\(metadata\)$/i.exec(column.trim())?.[1];
  if (metadata !== undefined) return exactly(formatPath(['metadata', snakeName(metadata)]), 0);
  const reason = unwanted.find(({ begins }) => begins.some((begin) => name.startsWith(begin)))?.reason;
  if (reason !== undefined) return { kind: 'unwanted', reason };
  return byWords(name) ?? bySystem(name, systems) ?? byPrefix(name);
}

function canonicalPath(column: string): string | undefined {
  const keys = tryParsePath(column);
  if (keys === undefined || !isCanonicalPath(keys) || keys[0] === 'provider_fields') return undefined;
  const isObject = ['address', 'shipping_address', 'metadata', 'external_ids'].includes(keys.join('.'));
  return isObject ? undefined : formatPath(keys);
}

function byWords(name: string): NameGuess | undefined {
  for (const [field, names] of Object.entries(fieldNames)) {
    if (names.includes(name)) return exactly(field, names.indexOf(name));
  }
  return byAddress(name);
}

function byAddress(name: string): NameGuess | undefined {
  const plain = addressPart(name);
  if (plain !== undefined) return exactly(`address.${plain.part}`, plain.rank);
  for (const [address, prefixes] of Object.entries(addressPrefixes)) {
    for (const prefix of prefixes.filter((candidate) => name.startsWith(candidate))) {
      const found = addressPart(name.slice(prefix.length));
      // A column for one of several addresses is taken before one that names none.
      if (found !== undefined) return exactly(`${address}.${found.part}`, found.rank - 100);
    }
  }
  return undefined;
}

function addressPart(name: string): { readonly part: string; readonly rank: number } | undefined {
  const found = Object.entries(addressNames).find(([, names]) => names.includes(name));
  return found === undefined ? undefined : { part: found[0], rank: found[1].indexOf(name) };
}

function bySystem(name: string, systems: readonly string[]): NameGuess | undefined {
  const system = [...systems, ...otherSystems].find((candidate) =>
    [`${candidate}id`, `${candidate}customerid`, `${candidate}contactid`, `${candidate}accountid`].includes(name),
  );
  return system === undefined ? undefined : exactly(formatPath(['external_ids', system]), 0);
}

/** `Customer E-Mail` is an e-mail address. Not `Company ID` and the like, which may be of anything. */
function byPrefix(name: string): NameGuess | undefined {
  const rest = emptyPrefixes
    .filter((prefix) => name.startsWith(prefix))
    .map((prefix) => byWords(name.slice(prefix.length)))
    .find((guess) => guess?.kind === 'field' && guess.field !== 'id');
  return rest?.kind === 'field' ? { ...rest, rank: rest.rank + 100, exact: false } : undefined;
}

function exactly(field: string, rank: number): NameGuess {
  return { kind: 'field', field, rank, exact: true };
}
