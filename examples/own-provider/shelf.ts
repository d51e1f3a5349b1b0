import { fileURLToPath } from 'node:url';
import { definitionSchema, loadMapping, type Provider, readAnswer, type StoredRecord, verdictOf } from 'customer-sync';
import { z } from 'zod';

const definition = definitionSchema.parse({
  id: 'shelf',
  name: 'Shelf',
  docs: 'https://shelf.example/docs',
  api: { base_url: 'https://api.shelf.example', base_url_env: 'SHELF_BASE_URL', body: 'json', headers: {} },
  auth: { header: 'authorization', value: 'Bearer {key}', env: 'SHELF_API_KEY', scopes: ['write'] },
  environment: {},
  operations: {
    get: { method: 'GET', path: '/items/{ref}', read: true },
    create: { method: 'POST', path: '/items', read: false },
    update: { method: 'PUT', path: '/items/{ref}', read: false },
  },
  identity: {
    address: 'our_id',
    match: { target: 'ref', record: 'ref', ignore_case: false },
    unique: true,
    provider_id: 'number',
    reads: 'strong',
  },
  limits: [{ documented: '20 requests a second', requests_per_second: 20 }],
  wait_headers: [{ name: 'retry-after', means: 'retry_after' }],
  errors: { code: [], message: ['message'], fields: [], rules: [{ status: 409, is: 'exists' }] },
  effects: { create: [], update: [] },
});

const item = z.looseObject({ ref: z.string(), number: z.number() });
const read = (answer: unknown): StoredRecord => readAnswer(item, answer, definition);

/** A billing system of your own, with no more verbs than its API has. */
export const shelf: Provider = {
  definition,
  mapping: loadMapping(fileURLToPath(new URL('shelf.mapping.json', import.meta.url))),
  fields: z.strictObject({}),
  connector: {
    async find(client, { value }) {
      try {
        return { kind: 'found', record: read(await client.read('get', { params: { ref: value } })) };
      } catch (error) {
        if (verdictOf(error) === 'not_found') return { kind: 'absent' };
        throw error;
      }
    },
    async create(client, { payload }) {
      return read(await client.write('create', { body: payload, replaySafe: false }));
    },
    async update(client, { address, payload }) {
      return read(await client.write('update', { params: { ref: address }, body: payload, replaySafe: true }));
    },
    // Only a sync of Nango lists customers.
    async list() {
      return { records: [] };
    },
  },
};
