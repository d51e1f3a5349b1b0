import { z } from 'zod';
import { definitionSchema } from '../../schemas/definition.js';
import type { Outcome, Plan } from '../../schemas/outcome.js';
import type { Provider, StoredRecord } from '../../src/core/connector.js';
import type { Host, HttpRequest, HttpResponse } from '../../src/core/http/host.js';
import { verdictOf } from '../../src/core/http/provider-error.js';
import { readAnswer } from '../../src/core/http/read-answer.js';
import type { RowResult } from '../../src/runner/runner.js';

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
  limits: [],
  wait_headers: [],
  errors: { code: [], message: ['message'], fields: [], rules: [{ status: 409, is: 'exists' }] },
  effects: { create: [], update: [] },
});

const item = z.looseObject({ ref: z.string(), number: z.number() });
const read = (answer: unknown): StoredRecord => readAnswer(item, answer, definition);

/** A provider as a user of the package would write one. */
export const shelf: Provider = {
  definition,
  mapping: {
    provider: 'shelf',
    fields: {
      ref: { from: 'id', required: true },
      name: { from: 'name', clear: 'null' },
      email: { from: 'email', clear: 'null' },
    },
    examples: [{ name: 'one', customer: { id: 'a' }, payload: { ref: 'a' } }],
  },
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
    create: async (client, { payload }) => read(await client.write('create', { body: payload, replaySafe: false })),
    update: async (client, { address, payload }) =>
      read(await client.write('update', { params: { ref: address }, body: payload, replaySafe: true })),
    list: async () => ({ records: [] }),
  },
};

export interface ShelfServer {
  readonly host: Host;
  readonly items: Map<string, Record<string, unknown>>;
  readonly requests: HttpRequest[];
  /** Most requests that were under way at once. */
  readonly busiest: number;
  /** Items that two requests were about at the same time. */
  readonly collisions: string[];
}

interface ShelfOptions {
  /** How many turns of the event loop a request takes. Default: one. */
  readonly turns?: () => number;
  /** Answers instead of the shelf. */
  readonly instead?: (request: HttpRequest, ref: string) => Partial<HttpResponse> | Error | undefined;
}

/** The other side, in memory. */
export function openShelf({ turns = () => 1, instead }: ShelfOptions = {}): ShelfServer {
  const items = new Map<string, Record<string, unknown>>();
  const requests: HttpRequest[] = [];
  const underWay = new Map<string, number>();
  const collisions: string[] = [];
  let busiest = 0;
  let lastNumber = 1_000;

  function carryOut({ method, body }: HttpRequest, ref: string): Partial<HttpResponse> {
    const stored = items.get(ref);
    if (method === 'POST' && stored !== undefined) return { status: 409 };
    if (method !== 'POST' && stored === undefined) return { status: 404 };
    const now = { number: stored === undefined ? ++lastNumber : 0, ...stored, ...JSON.parse(body ?? '{}') };
    if (method !== 'GET') items.set(ref, now);
    return { status: 200, body: JSON.stringify(now) };
  }

  const host: Host = {
    kind: 'local',
    providerHeaders: 'full',
    async send(request) {
      const ref = refOf(request);
      requests.push(request);
      const others = underWay.get(ref) ?? 0;
      if (others > 0) collisions.push(ref);
      underWay.set(ref, others + 1);
      busiest = Math.max(
        busiest,
        [...underWay.values()].reduce((sum, count) => sum + count, 0),
      );
      for (let turn = turns(); turn > 0; turn -= 1) await new Promise((resolve) => setImmediate(resolve));
      underWay.set(ref, (underWay.get(ref) ?? 1) - 1);
      const answer = instead?.(request, ref) ?? carryOut(request, ref);
      if (answer instanceof Error) throw answer;
      return { status: 200, headers: {}, body: '', ...answer };
    },
    now: Date.now,
    sleep: async () => {},
    random: () => 0.5,
    log: () => {},
  };
  return {
    host,
    items,
    requests,
    collisions,
    get busiest() {
      return busiest;
    },
  };
}

function refOf({ path, body }: HttpRequest): string {
  const inPath = path.split('/')[2];
  return inPath === undefined ? String(JSON.parse(body ?? '{}').ref) : decodeURIComponent(inPath);
}

export async function collect(results: AsyncIterable<RowResult>): Promise<RowResult[]> {
  const all: RowResult[] = [];
  for await (const result of results) all.push(result);
  return all;
}

/** What one row came to at one connection, as a word. */
export function statusOf(row: RowResult | undefined, connection = 0): Outcome['status'] | Plan['action'] | undefined {
  const result = row?.results[connection];
  return result?.kind === 'plan' ? result.plan.action : result?.outcome.status;
}

export function outcomeOf(row: RowResult | undefined, connection = 0): Outcome {
  const result = row?.results[connection];
  if (result?.kind !== 'outcome') throw new Error('no outcome');
  return result.outcome;
}

/** How long each request takes, drawn from a seed. */
export function randomTurns(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state % 5;
  };
}
