import { printable, showValue } from '../values.js';

/** The id stands in the heading; values of the others are one of a few and do not tell who somebody is. */
const openFields: ReadonlySet<string> = new Set([
  'id',
  'type',
  'tax_exempt',
  'currency',
  'timezone',
  'locale',
  'address.country',
  'shipping_address.country',
]);

/** What a provider holds in such a field may still be anything. */
const isCode = /^[\w+/-]{1,40}$/;

/** A value as it is, on one line. */
export function plainValue(_field: string, value: unknown): string {
  return showValue(value);
}

/** `•••• (12)` for 12 characters: that a value changes can be seen, and not what it is. */
export function maskedValue(field: string, value: unknown): string {
  if (typeof value === 'boolean' || value === null) return String(value);
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  if (openFields.has(field) && isCode.test(text)) return text;
  return `•••• (${[...text].length})`;
}

/** Text between tags or in an attribute, with control characters written out as on a terminal. */
export function escapeHtml(text: string): string {
  return printable(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** JSON that cannot end the script element it stands in, whatever it holds. */
export function embeddedJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
