import { parse } from 'csv-parse/sync';

/** Fields that hold what is a person's own, under our names, the providers' and those that tables have. */
const personal =
  /^((first|last|legal|full|display|customer)?[ _-]?name|(first|last)name|e-?mail(_address)?|phone|tel|mobile|(address_?)?line ?[12]|address[12]|street|(address_)?city|zip(code)?|(address_)?(postal|post)_?code|legal_number|tax_id(entification_number)?|tax_number|url|logo_url)$/i;

/** Shorter ones stand in every text by chance. */
const minLength = 3;

/** Every personal value in something like JSON. */
export function personalValuesIn(value: unknown, field = ''): string[] {
  if (typeof value === 'string') return personal.test(field) && value.trim().length >= minLength ? [value.trim()] : [];
  if (Array.isArray(value)) return value.flatMap((item) => personalValuesIn(item, field));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => personalValuesIn(inner, name));
}

/** Those in what a command or a provider is given: lines of JSON, JSON, a form, or a table with a header. */
export function personalValuesOf(text: string): string[] {
  if (/^[\w[\]]+=\S*$/.test(text)) return valuesOfForm(text);
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const parsed = [text, ...lines].flatMap(parsedJson);
  return parsed.length > 0
    ? parsed.filter(isNoMapping).flatMap((value) => personalValuesIn(value))
    : valuesOfTable(text);
}

/** What stands in mappings and overlays is nobody's. */
function isNoMapping(value: unknown): boolean {
  return typeof value !== 'object' || value === null || !('fields' in value);
}

function parsedJson(text: string): unknown[] {
  if (!/^\s*[[{]/.test(text)) return [];
  try {
    return [JSON.parse(text)];
  } catch {
    return [];
  }
}

/** `address[city]=Berlin` is about a city. */
function valuesOfForm(text: string): string[] {
  const fields = [...new URLSearchParams(text)];
  return fields.flatMap(([path, value]) => personalValuesIn(value, /(\w+)\]?$/.exec(path)?.[1]));
}

function valuesOfTable(text: string): string[] {
  try {
    const options = { bom: true, columns: true, delimiter: [',', ';', '\t'], relax_column_count: true };
    return personalValuesIn(parse(text, options));
  } catch {
    // Tables that are broken on purpose.
    return text.match(/[\w.+-]+@[\w.-]+\w/g) ?? [];
  }
}

const word = /[\p{L}\p{N}]+/gu;

/** Which of the values stand in a text as words of their own; the text is gone through once, however many there are. */
export function valuesFoundIn(text: string, values: Iterable<string>): string[] {
  const byFirstWord = new Map<string, Set<string>>();
  for (const value of values) {
    const first = new RegExp(word).exec(value);
    if (first === null) continue;
    const from = value.slice(first.index);
    byFirstWord.set(first[0], (byFirstWord.get(first[0]) ?? new Set()).add(from));
  }
  const found = new Set<string>();
  for (const { 0: first, index } of text.matchAll(word)) {
    for (const value of byFirstWord.get(first) ?? []) {
      if (text.startsWith(value, index) && !isWordAt(text, index + value.length)) found.add(value);
    }
  }
  return [...found];
}

function isWordAt(text: string, index: number): boolean {
  return /^[\p{L}\p{N}]/u.test(text.slice(index, index + 2));
}
