import type { StoredRecord } from '../core/connector.js';
import { isUnset } from '../core/mapping/compare.js';
import { compileGetter, isObject, parsePath } from '../core/mapping/path.js';
import { matchKey } from '../core/upsert/locate.js';
import type { Target } from '../core/upsert/target.js';

/** What a provider holds, as far as it was listed. A list that moves while it is read may miss somebody. */
export interface Population {
  /** Records seen. */
  readonly size: number;
  /** Whether the list was read to its end. */
  readonly isWhole: boolean;
  /** The record with this match value. */
  find(match: string): StoredRecord | undefined;
  hasEmail(email: string): boolean;
  readonly requests: number;
}

/** Records are kept as text, of about a kilobyte each. */
const maxRecords = 100_000;

/** @param maxPages reading goes on while that is cheaper than asking for customers one by one. */
export async function listPopulation(target: Target, maxPages: number, signal?: AbortSignal): Promise<Population> {
  const { connector, definition } = target.provider;
  const { match } = definition.identity;
  const readMatch = compileGetter(parsePath(match.record));
  const keyOf = (value: unknown) => matchKey(value, match.ignore_case);
  const readId = compileGetter(parsePath(definition.identity.provider_id));
  const seen = new Set<string>();
  const records = new Map<string, string>();
  /** Match values that several records share: which one is meant, the connector is asked. */
  const shared = new Set<string>();
  const emails = new Set<string>();
  let cursor: string | undefined;
  let pages = 0;
  const keep = (key: string, record: StoredRecord) => {
    const earlier = records.get(key);
    if (earlier !== undefined && readId(JSON.parse(earlier)) !== readId(record)) shared.add(key);
    records.set(key, JSON.stringify(record));
  };
  do {
    const page = await connector.list(target.client, cursor);
    pages += 1;
    for (const record of page.records) {
      seen.add(String(readId(record)));
      const key = readMatch(record);
      if (!isUnset(key)) keep(keyOf(key), record);
      const { email } = target.mapping.observe(record, '').customer;
      if (typeof email === 'string') emails.add(email.toLowerCase());
    }
    cursor = page.next;
  } while (cursor !== undefined && pages < maxPages && seen.size < maxRecords && signal?.aborted !== true);
  return {
    size: seen.size,
    isWhole: cursor === undefined,
    find(value) {
      const text = shared.has(keyOf(value)) ? undefined : records.get(keyOf(value));
      const record: unknown = text === undefined ? undefined : JSON.parse(text);
      return isObject(record) ? record : undefined;
    },
    hasEmail: (email) => emails.has(email.toLowerCase()),
    requests: pages,
  };
}
