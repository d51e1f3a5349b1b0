import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { isDeepStrictEqual } from 'node:util';
import type { Account, Held } from '../conformance/accounts.js';

/** Writes so many customers as JSONL, every one different in every field. */
export async function writeSource(path: string, customers: number, account: Account): Promise<void> {
  const file = createWriteStream(path);
  for (let index = 0; index < customers; index += 1) {
    const { email, name, extra = '' } = expected(index);
    const [first_name, last_name] = name.split(' ');
    const row = { id: `acct_${index}`, email, first_name, last_name, ...account.extraFields(extra) };
    if (!file.write(`${JSON.stringify(row)}\n`)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
}

/** How what a provider holds differs from the source. */
export interface Difference {
  readonly missing: number;
  /** Nobody of the source, or somebody for a second time. */
  readonly surplus: number;
  readonly wrong: number;
}

/** @param path the provider's records, as JSONL */
export async function compareWithSource(path: string, customers: number, account: Account): Promise<Difference> {
  const seen = new Uint8Array(customers);
  let [found, surplus, wrong] = [0, 0, 0];
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const record: object = JSON.parse(line);
    const held = account.held(record);
    const index = Number(/^user(\d+)@/.exec(held.email)?.[1]);
    if (seen[index] !== 0) surplus += 1;
    else {
      seen[index] = 1;
      found += 1;
      if (!isDeepStrictEqual(held, expected(index))) wrong += 1;
    }
  }
  return { missing: customers - found, surplus, wrong };
}

function expected(index: number): Held {
  return {
    email: `user${index}@example.test`,
    name: `Ann Able${index}`,
    extra: `+4930${String(10_000_000 + index)}`,
  };
}
