import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { builtInProviders } from '../../integrations/registry.js';

/** A customer whose every personal value can be found again: by its word, or by its number. */
export const canary = {
  email: 'canary-mail@example.test',
  name: 'Canary Fullname',
  first_name: 'Canaryfirst',
  last_name: 'Canarylast',
  legal_name: 'Canary Legal GmbH',
  legal_number: 'HRB-CANARY-1',
  tax_id: 'DE-CANARY-2',
  phone: '+4915112345678',
  address: {
    line1: 'Canarystreet 1',
    line2: 'Canaryfloor',
    city: 'Canarytown',
    postal_code: 'CAN-10115',
    country: 'DE',
  },
  url: 'https://canary.example.test',
  metadata: { plan: 'canary-gold' },
} as const;

/** A row for each way that a customer takes: two that are written, and three that are not. */
export const canaryRows: readonly object[] = [
  { ...canary, id: 'acct_1' },
  { ...canary, id: 'acct_2', email: 'canary-second@example.test', name: 'Canary Second' },
  { ...canary, id: 'acct_3', email: 'canary: no address' },
  {
    ...canary,
    id: 'acct_4',
    email: 'canary-fourth@example.test',
    phone: 'canary: no number',
    currency: 'Canarydollar',
  },
  { ...canary, id: 'acct_5', tax_exempt: 'canary maybe' },
];

/** Every personal value of a row, as a provider might repeat it. */
export function personalValues(value: unknown): string[] {
  if (typeof value === 'string') return value.length > 2 ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(personalValues) : [];
}

/** What of a customer, and which of the secrets, stands in a text. */
export function leaksIn(text: string, secrets: readonly string[] = []): string[] {
  const around = /.{0,60}(?:canary|15112345678).{0,40}/i.exec(text)?.[0];
  return [...(around === undefined ? [] : [around]), ...secretsIn(text, secrets)];
}

export function secretsIn(text: string, secrets: readonly string[]): string[] {
  return secrets.filter((secret) => text.includes(secret));
}

interface Kept {
  readonly file: string;
  readonly text: string;
  readonly mode: number;
}

/** Every file below a folder, to the byte. */
export function filesIn(folder: string): Kept[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(join(folder, file)).isFile())
    .map((file) => {
      const path = join(folder, file);
      return { file, text: readFileSync(path, 'latin1'), mode: statSync(path).mode & 0o777 };
    });
}

/** An error answer that repeats everything it was sent, wherever the provider's definition looks for words. */
export function repeatingAnswer(id: string): string {
  const errors = builtInProviders.find(({ definition }) => definition.id === id)?.definition.errors;
  if (errors === undefined) throw new Error(`there is no provider ${id}`);
  const values = personalValues(canary);
  const body = {};
  place(body, errors.message, `not these: ${values.join(', ')}`);
  place(body, errors.code, `CANARY_${values[0]}`);
  place(body, errors.fields, Object.fromEntries(values.map((value) => [value, [`${value} is refused`]])));
  return JSON.stringify(body);
}

function place(body: object, paths: readonly string[], value: unknown): void {
  for (const path of paths) {
    const keys = path.split('.');
    const last = keys.pop() ?? '';
    let at = body;
    for (const key of keys) {
      const inner: unknown = Reflect.get(at, key);
      const next = typeof inner === 'object' && inner !== null ? inner : {};
      Reflect.set(at, key, next);
      at = next;
    }
    Reflect.set(at, last, value);
  }
}
