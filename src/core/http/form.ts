import { isObject } from '../mapping/path.js';

/** Form fields with nested names in brackets: `metadata[plan]=gold&tags[0]=a`. `null` is written as an empty value. */
export function encodeForm(value: unknown): string {
  const fields = new URLSearchParams();
  append(fields, '', value);
  return fields.toString();
}

function append(fields: URLSearchParams, name: string, value: unknown): void {
  if (value === undefined) return;
  if (!isObject(value)) {
    fields.append(name, value === null ? '' : String(value));
    return;
  }
  for (const [key, member] of Object.entries(value)) append(fields, name === '' ? key : `${name}[${key}]`, member);
}
