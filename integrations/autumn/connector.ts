import { definition } from '../../providers/autumn/definition.js';
import { fields } from '../../providers/autumn/fields.js';
// @ts-ignore Nango's compiler does not resolve JSON modules, though it bundles them.
import mapping from '../../providers/autumn/mapping.json' with { type: 'json' };
import { autumnCustomer, listAnswer } from '../../providers/autumn/wire.js';
import type { Connector, Provider, StoredRecord } from '../../src/core/connector.js';
import { verdictOf } from '../../src/core/http/provider-error.js';
import { readAnswer } from '../../src/core/http/read-answer.js';
import { offsetPage } from '../../src/core/offset-page.js';

const pageSize = 1000;

const connector: Connector = {
  async find(client, { value: customerId }) {
    try {
      return { kind: 'found', record: customer(await client.read('get', { body: { customer_id: customerId } })) };
    } catch (error) {
      if (verdictOf(error) === 'not_found') return { kind: 'absent' };
      throw error;
    }
  },

  async create(client, { payload }) {
    return customer(await client.write('create', { body: payload, replaySafe: true }));
  },

  async update(client, { address, payload }) {
    // By our id, never Autumn's own: after a write by that one, reads by ours stay stale for days.
    const body = { customer_id: address, ...payload };
    return customer(await client.write('update', { body, replaySafe: true }));
  },

  async list(client, cursor = '0') {
    const offset = Number(cursor);
    const answer = await client.read('list', { body: { limit: pageSize, offset } });
    const { list, has_more: hasMore } = readAnswer(listAnswer, answer, definition);
    // `has_more` is true on a full last page as well; the page after it then holds nobody new.
    return offsetPage({ records: list, offset, size: pageSize, more: hasMore === true });
  },
};

function customer(answer: unknown): StoredRecord {
  return readAnswer(autumnCustomer, answer, definition);
}

export const autumn: Provider = { definition, mapping, connector, fields };
