import { definition } from '../../providers/stripe/definition.js';
import { fields } from '../../providers/stripe/fields.js';
// @ts-ignore Nango's compiler does not resolve JSON modules, though it bundles them.
import mapping from '../../providers/stripe/mapping.json' with { type: 'json' };
import { customersAnswer, stripeCustomer } from '../../providers/stripe/wire.js';
import type { Connector, CreateRequest, Found, Provider, StoredRecord } from '../../src/core/connector.js';
import type { Client } from '../../src/core/http/client.js';
import { verdictOf } from '../../src/core/http/provider-error.js';
import { readAnswer } from '../../src/core/http/read-answer.js';
import { keyAfter } from '../../src/core/upsert/create-key.js';
import { replacesWhole, withStored } from './whole-fields.js';

const pageSize = '100';

const connector: Connector = {
  find: (client, key) => (key.by === 'provider_id' ? get(client, key.value) : search(client, key.value)),
  create,

  async update(client, { address, payload }) {
    const stored = replacesWhole(payload) ? await get(client, address) : undefined;
    const body = stored?.kind === 'found' ? withStored(payload, stored.record) : payload;
    return customer(await client.write('update', { params: { id: address }, body, replaySafe: true }));
  },

  async list(client, cursor) {
    const query = { limit: pageSize, ...(cursor !== undefined && { starting_after: cursor }) };
    const { data, has_more: hasMore } = readAnswer(customersAnswer, await client.read('list', { query }), definition);
    const last = data.at(-1);
    // Newest first: whoever comes or goes moves nobody across the customer that a page starts after.
    return { records: data, ...(hasMore && last !== undefined && { next: last.id }) };
  },
};

async function get(client: Client, id: string): Promise<Found> {
  try {
    const record = customer(await client.read('get', { params: { id } }));
    return record['deleted'] === true ? { kind: 'absent' } : { kind: 'found', record };
  } catch (error) {
    if (verdictOf(error) === 'not_found') return { kind: 'absent' };
    throw error;
  }
}

/** A search lags behind, so it only says whom to look at. It takes no notice of case. */
async function search(client: Client, ourId: string): Promise<Found> {
  const query = { query: `metadata["customer_sync_id"]:"${ourId.replace(/["\\]/g, '\\$&')}"`, limit: pageSize };
  const { data } = readAnswer(customersAnswer, await client.read('search', { query }), definition);
  const records: StoredRecord[] = [];
  for (const { id, metadata } of data) {
    if (metadata?.['customer_sync_id'] !== ourId) continue;
    const found = await get(client, id);
    if (found.kind === 'found' && ourIdOf(found.record) === ourId) records.push(found.record);
  }
  const [record, ...others] = records;
  if (record === undefined) return { kind: 'absent' };
  if (others.length > 0) return { kind: 'ambiguous', providerIds: records.map(({ id }) => String(id)) };
  return { kind: 'found', record };
}

/**
 * The key makes Stripe answer a repeat with what it answered first. That may be long ago, so the customer is looked at:
 * it has changed by now, or is gone, and another one takes its place.
 */
async function create(client: Client, { payload, idempotencyKey }: CreateRequest): Promise<StoredRecord> {
  let isOld = false;
  const onReplay = () => {
    isOld = true;
  };
  const options = { body: payload, idempotencyKey, replaySafe: true, onReplay };
  const record = customer(await client.write('create', options));
  if (!isOld) return record;
  const found = await get(client, String(record['id']));
  if (found.kind === 'found') return found.record;
  return create(client, { payload, idempotencyKey: keyAfter(idempotencyKey, String(record['id'])) });
}

function customer(answer: unknown): StoredRecord {
  return readAnswer(stripeCustomer, answer, definition);
}

function ourIdOf(record: StoredRecord): unknown {
  return readAnswer(stripeCustomer, record, definition).metadata?.['customer_sync_id'];
}

export const stripe: Provider = { definition, mapping, connector, fields };
