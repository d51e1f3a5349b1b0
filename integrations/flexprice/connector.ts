import { definition } from '../../providers/flexprice/definition.js';
import { fields } from '../../providers/flexprice/fields.js';
// @ts-ignore Nango's compiler does not resolve JSON modules, though it bundles them.
import mapping from '../../providers/flexprice/mapping.json' with { type: 'json' };
import { archiveAnswer, flexpriceCustomer, searchAnswer } from '../../providers/flexprice/wire.js';
import type { Connector, Found, Provider, StoredRecord } from '../../src/core/connector.js';
import type { Client } from '../../src/core/http/client.js';
import { verdictOf } from '../../src/core/http/provider-error.js';
import { readAnswer } from '../../src/core/http/read-answer.js';
import { offsetPage } from '../../src/core/offset-page.js';

const pageSize = 1000;

const connector: Connector = {
  async find(client, { value: externalId }) {
    // The router splits paths at an encoded slash as well, so such an id can only be searched for.
    if (externalId.includes('/')) return search(client, externalId);
    try {
      return { kind: 'found', record: customer(await client.read('get', { params: { external_id: externalId } })) };
    } catch (error) {
      if (verdictOf(error) === 'not_found') return { kind: 'absent' };
      throw error;
    }
  },

  async create(client, { payload }) {
    // A repeat would be refused as a duplicate and hide that the first one landed.
    return customer(await client.write('create', { body: payload, replaySafe: false }));
  },

  async update(client, { address, payload }) {
    const query = { external_customer_id: address };
    return customer(await client.write('update', { query, body: payload, replaySafe: true }));
  },

  async archive(client, id) {
    readAnswer(archiveAnswer, await client.write('delete', { params: { id }, replaySafe: true }), definition);
  },

  async list(client, cursor = '0') {
    const offset = Number(cursor);
    const { items, total } = await searchPage(client, { limit: pageSize, offset });
    const more = total === undefined ? items.length === pageSize : offset + items.length < total;
    return offsetPage({ records: items, offset, size: pageSize, more });
  },
};

async function search(client: Client, externalId: string): Promise<Found> {
  const { items } = await searchPage(client, { external_id: externalId, limit: 2 });
  const record = items.find(({ external_id }) => external_id === externalId);
  return record === undefined ? { kind: 'absent' } : { kind: 'found', record };
}

async function searchPage(client: Client, filter: Record<string, unknown>) {
  const { items, pagination } = readAnswer(searchAnswer, await client.read('search', { body: filter }), definition);
  return { items: items ?? [], total: pagination?.total ?? undefined };
}

function customer(answer: unknown): StoredRecord {
  return readAnswer(flexpriceCustomer, answer, definition);
}

export const flexprice: Provider = { definition, mapping, connector, fields };
