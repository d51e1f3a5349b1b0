import { once } from 'node:events';
import { createWriteStream } from 'node:fs';

/** Writes so many customers as JSONL, of about 320 bytes each. @param generation changes one field of every customer. */
export async function writeRows(path: string, count: number, generation: number): Promise<void> {
  const file = createWriteStream(path);
  for (let index = 0; index < count; index += 1) {
    if (!file.write(`${JSON.stringify(rowOf(index, generation))}\n`)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
}

export function rowOf(index: number, generation: number) {
  return {
    id: `acct_${index}`,
    email: `user${index}@example.test`,
    name: `Customer ${index} of generation ${generation}`,
    first_name: 'Joe',
    last_name: 'Bloggs',
    phone: `+49301234${String(index % 10_000).padStart(4, '0')}`,
    address: { line1: `Street ${index}`, city: 'Berlin', postal_code: '10115', country: 'DE' },
    currency: 'EUR',
    metadata: { plan: 'gold', seats: index % 50 },
    timezone: 'Europe/Berlin',
  };
}
