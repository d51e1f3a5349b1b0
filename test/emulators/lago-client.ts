import { expect } from 'vitest';
import type { LagoRecord } from '../../emulators/lago/record.js';
import type { LagoEmulator } from '../../emulators/lago.js';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Sends one request with the emulator's key; a path starts behind the base URL. */
export async function call(lago: LagoEmulator, method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`${lago.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${lago.apiKey}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

export function upsert(lago: LagoEmulator, customer: unknown): Promise<Answer> {
  return call(lago, 'POST', '/customers', { customer });
}

/** Upserts what must go through, and gives the customer that came back. */
export async function save(lago: LagoEmulator, customer: unknown): Promise<LagoRecord> {
  const { status, body } = await upsert(lago, customer);
  expect({ status, body }).toMatchObject({ status: 200, body: { customer: {} } });
  const { customer: saved }: { customer: LagoRecord } = JSON.parse(JSON.stringify(body));
  return saved;
}

/** The one customer that the emulator holds under an id. */
export function stored(lago: LagoEmulator, externalId: string): LagoRecord {
  const found = lago.customers().filter((customer) => customer.external_id === externalId);
  expect(found).toHaveLength(1);
  const [customer] = found;
  if (customer === undefined) throw new Error(`nobody is stored as ${externalId}`);
  return customer;
}

/** The whole answer to a request that Lago's validation refuses. */
export function refused(details: unknown): Answer {
  return {
    status: 422,
    body: {
      status: 422,
      error: 'Unprocessable Entity',
      code: 'validation_errors',
      error_details: details,
    },
  };
}
