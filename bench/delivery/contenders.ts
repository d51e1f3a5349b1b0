import { Agent } from 'node:http';
import axios from 'axios';
import { lago } from '../../integrations/lago/connector.js';
import type { Customer } from '../../schemas/customer.js';
import { createLocalHost } from '../../src/hosts/local-host.js';
import { createRunner } from '../../src/runner/runner.js';
import { createHandWritten } from '../mapping/engines/hand-written.js';

export interface ContenderOptions {
  readonly origin: string;
  readonly concurrency: number;
}

/** Creates customers at the stand-in for Lago. Resolves with how many it created. */
export type Deliver = (customers: readonly Customer[]) => Promise<number>;

const apiKey = 'not-a-real-key';

/** The yardstick: one look-up and one create for each customer, without checks, retries or outcomes. */
export const bareAxios = 'bare axios loop';

export const contenders: Readonly<Record<string, (options: ContenderOptions) => Deliver>> = {
  [bareAxios]: createBareAxios,
  'customer-sync runner': createCustomerSync,
};

function createBareAxios({ origin, concurrency }: ContenderOptions): Deliver {
  const { map } = createHandWritten();
  const http = axios.create({
    baseURL: `${origin}/api/v1`,
    httpAgent: new Agent({ keepAlive: true, maxSockets: 256 }),
    proxy: false,
    headers: { authorization: `Bearer ${apiKey}` },
  });

  async function upsert(customer: Customer): Promise<number> {
    const params = { external_id: customer.id, per_page: 2 };
    const found = await http.get<{ customers: unknown[] }>('/customers', { params });
    if (found.data.customers.length > 0) return 0;
    const created = await http.post<{ customer: { lago_id: string } }>('/customers', { customer: map(customer) });
    return created.data.customer.lago_id === '' ? 0 : 1;
  }

  return async (customers) => {
    const rest = customers.values();
    let createdCount = 0;
    const worker = async () => {
      for (const customer of rest) {
        const created = await upsert(customer);
        createdCount += created;
      }
    };
    await Promise.all(Array.from({ length: concurrency }, worker));
    return createdCount;
  };
}

function createCustomerSync({ origin, concurrency }: ContenderOptions): Deliver {
  const runner = createRunner({ providers: [lago] });
  const host = createLocalHost({ definition: lago.definition, baseUrl: `${origin}/api/v1`, apiKey });
  const connection = runner.connect({ to: 'lago', host, rateShare: 'unpaced' });

  return async (customers) => {
    const rows = customers.map((value) => ({ value }));
    let createdCount = 0;
    for await (const { results } of runner.apply([connection], rows, { concurrency })) {
      for (const result of results) {
        if (result.kind === 'outcome' && result.outcome.status === 'created') createdCount += 1;
      }
    }
    return createdCount;
  };
}
