import { definition } from '../../providers/recharge/definition.js';
import { fields } from '../../providers/recharge/fields.js';
// @ts-ignore Nango's compiler does not resolve JSON modules, though it bundles them.
import mapping from '../../providers/recharge/mapping.json' with { type: 'json' };
import { customerAnswer, customersAnswer } from '../../providers/recharge/wire.js';
import type { Connector, Provider } from '../../src/core/connector.js';
import { verdictOf } from '../../src/core/http/provider-error.js';
import { readAnswer } from '../../src/core/http/read-answer.js';

const connector: Connector = {
  async find(client, key) {
    if (key.by === 'provider_id') {
      try {
        const answer = await client.read('get', { params: { id: key.value } });
        return { kind: 'found', record: readAnswer(customerAnswer, answer, definition).customer };
      } catch (error) {
        if (verdictOf(error) === 'not_found') return { kind: 'absent' };
        throw error;
      }
    }
    const answer = await client.read('find', { query: { email: key.value, limit: '250' } });
    // The filter's case rule is not documented, so what comes back is compared here.
    const wanted = key.value.toLowerCase();
    const [record, ...others] = readAnswer(customersAnswer, answer, definition).customers.filter(
      ({ email }) => email.toLowerCase() === wanted,
    );
    if (record === undefined) return { kind: 'absent' };
    if (others.length > 0) return { kind: 'ambiguous', providerIds: [record, ...others].map(({ id }) => String(id)) };
    return { kind: 'found', record };
  },

  async create(client, { payload }) {
    // Not replay-safe: Recharge has no idempotency key, and a repeat after a lost answer is told only by the e-mail.
    const answer = await client.write('create', { body: payload, replaySafe: false });
    return readAnswer(customerAnswer, answer, definition).customer;
  },

  async update(client, { address, payload }) {
    const answer = await client.write('update', { params: { id: address }, body: payload, replaySafe: true });
    return readAnswer(customerAnswer, answer, definition).customer;
  },

  async list(client, cursor) {
    // With a cursor Recharge accepts no filter beside it.
    const query = cursor === undefined ? { limit: '250' } : { limit: '250', cursor };
    const page = readAnswer(customersAnswer, await client.read('find', { query }), definition);
    // An empty cursor would ask for the first page again.
    return { records: page.customers, ...(page.next_cursor && { next: page.next_cursor }) };
  },
};

export const recharge: Provider = { definition, mapping, connector, fields };
