import { castBoolean, castText, isBlank, refuseNulBytes, stripNulBytes } from './cast.js';
import type { Metadata } from './customer.js';
import type { Organization } from './organization.js';
import type { SentMetadata } from './parameters.js';
import { type ErrorDetails, validationFailed } from './refusal.js';
import { fits } from './validation.js';

const COUNT_LIMIT = 5;
const KEY_LIMIT = 20;

export function checkMetadataCount(items: readonly SentMetadata[] | undefined): void {
  if (items !== undefined && items.length > COUNT_LIMIT) throw validationFailed({ metadata: ['invalid_count'] });
}

/**
 * Replaces the metadata, matching by the id of the item, one item after the other. Rows that no item names are deleted
 * at the very end, so a key that is sent again without its id collides with its own old row.
 */
export function replaceMetadata(
  current: readonly Metadata[],
  items: readonly SentMetadata[],
  organization: Organization,
): Metadata[] {
  let rows = [...current];
  const kept = new Set<string>();

  for (const item of items) {
    const id = item.get('id');
    const existing = rows.find((row) => row.id === id);
    const row = writeRow(existing, item, rows, organization);
    kept.add(row.id);
    rows = existing === undefined ? [...rows, row] : rows.map((other) => (other === existing ? row : other));
  }
  return rows.filter((row) => kept.has(row.id));
}

function writeRow(
  existing: Metadata | undefined,
  item: SentMetadata,
  rows: readonly Metadata[],
  organization: Organization,
): Metadata {
  const key = readText(item.get('key'), existing?.key, organization);
  const value = readText(item.get('value'), existing?.value, organization);
  const others = rows.filter((row) => row !== existing);

  const errors: ErrorDetails = {};
  const keyCodes = [
    ...(isBlank(key) ? ['value_is_mandatory'] : []),
    ...(others.some((row) => row.key === key) ? ['value_already_exist'] : []),
    ...(fits(key, KEY_LIMIT) ? [] : ['value_is_too_long']),
  ];
  const valueCodes = [
    ...(isBlank(value) ? ['value_is_mandatory'] : []),
    ...(fits(value, organization.metadataValueLimit) ? [] : ['value_is_too_long']),
  ];
  if (keyCodes.length > 0) errors['key'] = keyCodes;
  if (valueCodes.length > 0) errors['value'] = valueCodes;
  if (keyCodes.length > 0 || valueCodes.length > 0) throw validationFailed(errors);

  return {
    id: existing?.id ?? organization.store.nextId('metadata'),
    key: key ?? '',
    value: value ?? '',
    // Not sent means false, also where the row said true.
    displayInInvoice: castBoolean(item.get('display_in_invoice')),
    createdAt: existing?.createdAt ?? organization.now(),
  };
}

/** An item that names an existing row need not repeat its key or its value. */
function readText(
  sent: ReturnType<SentMetadata['get']>,
  existing: string | undefined,
  { version }: Organization,
): string | null {
  const text = sent === undefined ? (existing ?? null) : castText(sent);
  return version.stripsNulBytes ? stripNulBytes(text) : refuseNulBytes(text);
}
