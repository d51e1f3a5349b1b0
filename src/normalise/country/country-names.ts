import countries from 'i18n-iso-countries';
import { countryCodes } from '../../../schemas/countries.js';
import { aliases, ambiguousNames } from './aliases.js';
import { nameKey } from './name-key.js';

/** Codes by key of a name; `undefined` as the code marks a name of several countries. */
type Names = Map<string, string | undefined>;

let inEnglish: Names | undefined;
let inAllLanguages: Names | undefined;

/**
 * The country with this name, in English or in any other language of the library; `undefined` when there is none or
 * more than one. English goes first, so that the other languages (some 30,000 names) are read only when they are needed.
 */
export function findCountry(name: string): string | undefined {
  const key = nameKey(name);
  inEnglish ??= englishNames();
  if (inEnglish.has(key)) return inEnglish.get(key);
  inAllLanguages ??= worldNames();
  return inAllLanguages.get(key) ?? inAllLanguages.get(exactKey(name));
}

function englishNames(): Names {
  const names: Names = new Map();
  for (const [code, name] of libraryNames('en')) add(names, nameKey(name), code);
  for (const [code, others] of Object.entries(aliases)) {
    for (const name of others) names.set(nameKey(name), code);
  }
  for (const name of ambiguousNames) names.set(nameKey(name), undefined);
  return names;
}

/**
 * Names of the library and of Intl together: Intl has short names that the library lacks (`Stati Uniti`), and where the
 * two contradict each other (the library's Turkmen Iran stands at Iraq) the name belongs to nobody.
 */
function worldNames(): Names {
  const names: Names = new Map();
  const languages = countries.langs();
  for (const language of languages) {
    for (const [code, name] of libraryNames(language)) add(names, worldKey(name), code);
  }
  for (const language of Intl.DisplayNames.supportedLocalesOf([...languages, 'zh-Hant'])) {
    for (const [code, name] of intlNames(language)) add(names, worldKey(name), code);
  }
  return names;
}

function* libraryNames(language: string): Generator<[code: string, name: string]> {
  for (const [code, variants] of Object.entries(countries.getNames(language, { select: 'all' }))) {
    if (countryCodes.has(code)) for (const name of variants) yield [code, name];
  }
}

function* intlNames(language: string): Generator<[code: string, name: string]> {
  const names = new Intl.DisplayNames(language, { type: 'region', fallback: 'none' });
  for (const code of countryCodes) {
    const name = names.of(code);
    if (name !== undefined) yield [code, name];
  }
}

function add(names: Names, key: string | undefined, code: string): void {
  if (key !== undefined) names.set(key, names.has(key) && names.get(key) !== code ? undefined : code);
}

/**
 * Without its accents a very short name turns into something else: `Čad` (Chad) into `CAD`, `Mỹ` (the USA) into `MY`. So
 * those are looked up with accents, and very short names without any are left to English.
 */
function worldKey(name: string): string | undefined {
  const key = nameKey(name);
  if (!/^[a-z]{1,3}$/.test(key)) return key;
  const exact = exactKey(name);
  return exact === key ? undefined : exact;
}

function exactKey(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
