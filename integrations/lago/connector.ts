import { definition } from '../../providers/lago/definition.js';
import { fields } from '../../providers/lago/fields.js';
// @ts-ignore Nango's compiler does not resolve JSON modules, though it bundles them.
import mapping from '../../providers/lago/mapping.json' with { type: 'json' };
import { customerAnswer, customersAnswer } from '../../providers/lago/wire.js';
import type { Connector, Found, Payload, Provider, StoredRecord } from '../../src/core/connector.js';
import { CustomerSyncError } from '../../src/core/errors.js';
import type { Client } from '../../src/core/http/client.js';
import { verdictOf } from '../../src/core/http/provider-error.js';
import { readAnswer } from '../../src/core/http/read-answer.js';
import { offsetPage } from '../../src/core/offset-page.js';

const pageSize = 100;

const connector: Connector = {
  async find(client, { value: externalId }) {
    const query = { external_id: externalId, per_page: '2' };
    const { customers } = readAnswer(customersAnswer, await client.read('list', { query }), definition);
    const record = customers.find(({ external_id }) => external_id === externalId);
    if (record !== undefined) return { kind: 'found', record };
    // Servers before 1.49 do not know the filter and answer with just any customers.
    return customers.length === 0 ? { kind: 'absent' } : findByPath(client, externalId);
  },

  create: (client, { payload }) => post(client, 'create', payload),

  update: (client, { address, payload }) => post(client, 'update', { external_id: address, ...payload }),

  async list(client, cursor = '0') {
    const { page, size } = pageFrom(Number(cursor));
    const query = { page: String(page), per_page: String(size) };
    const { customers, meta } = readAnswer(customersAnswer, await client.read('list', { query }), definition);
    const more = typeof meta?.next_page === 'number';
    return offsetPage({ records: customers, offset: (page - 1) * size, size, more });
  },

  async archive(client, address) {
    refuseSplitId(address, 'Delete the customer in Lago, or use ids without dots and slashes.');
    const answer = await client.write('delete', { params: { external_id: address }, replaySafe: true });
    // A success that does not show the customer is none of Lago's.
    readAnswer(customerAnswer, answer, definition);
  },
};

/**
 * Lago's pages are numbered, so they begin at multiples of their size. The one that shows the record at this offset and
 * as many as possible after it, among the sizes near the usual one.
 */
function pageFrom(offset: number): { page: number; size: number } {
  let best = { page: 1, size: pageSize, end: 0 };
  for (let size = pageSize; size > pageSize / 2; size -= 1) {
    const page = Math.floor(offset / size) + 1;
    if (page * size > best.end) best = { page, size, end: page * size };
  }
  return best;
}

async function post(client: Client, operation: 'create' | 'update', payload: Payload): Promise<StoredRecord> {
  const answer = await client.write(operation, { body: { customer: payload }, replaySafe: isReplaySafe(payload) });
  return readAnswer(customerAnswer, answer, definition).customer;
}

/** An entry without an id is made anew: metadata is then refused the second time, a link is destroyed and replaced. */
function isReplaySafe({ metadata, integration_customers: links }: Payload): boolean {
  return [metadata, links].flat().every((entry) => typeof entry !== 'object' || entry === null || 'id' in entry);
}

/** Lago's router cuts a path at a dot or a slash, and would take another customer for the one that is meant. */
function refuseSplitId(externalId: string, remedy: string): void {
  if (!/[./]/.test(externalId)) return;
  // Not `config`, which ends a run: customers with other ids can be reached.
  throw new CustomerSyncError('invalid_customer', {
    message: 'this Lago server cannot reach ids that have a dot or a slash by path',
    remedy,
    provider: definition.id,
  });
}

async function findByPath(client: Client, externalId: string): Promise<Found> {
  refuseSplitId(externalId, 'Upgrade Lago to 1.49 or later, or use ids without dots and slashes.');
  try {
    const answer = await client.read('get', { params: { external_id: externalId } });
    return { kind: 'found', record: readAnswer(customerAnswer, answer, definition).customer };
  } catch (error) {
    if (verdictOf(error) === 'not_found') return { kind: 'absent' };
    throw error;
  }
}

export const lago: Provider = { definition, mapping, connector, fields };
