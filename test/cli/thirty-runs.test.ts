import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEmulator } from '../../emulators/lago.js';
import { type PostgresServer, startPostgres } from '../sources/postgres-server.js';
import { folderWith, runCli } from './command-line.js';

/** Two accounts, of which each has rules of its own for the same customers. */
const accounts = [
  {
    name: 'eu',
    overlay: { fields: { name: { from: 'name', transform: ['upper'], clear: 'null' } } },
    mapped: { name: (value: string) => value.toUpperCase(), email: same, phone: same, city: same },
  },
  {
    name: 'us',
    overlay: { remove: { phone: 'another system keeps it' } },
    mapped: { name: same, email: same, city: same },
  },
] as const;

const fields = ['name', 'email', 'phone', 'city'] as const;
type Field = (typeof fields)[number];
type Customer = Partial<Record<Field, string | null>>;
type Model = Map<string, Customer>;

function same(value: string): string {
  return value;
}

const runs = 30;
let postgres: PostgresServer;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.close());

/** The same numbers at every start. */
function createDice(seed: number) {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return {
    below: (limit: number) => Math.floor(next() * limit),
    pick: <Item>(items: readonly Item[]): Item => {
      const item = items[Math.floor(next() * items.length)];
      if (item === undefined) throw new RangeError('nothing to pick from');
      return item;
    },
  };
}

const cities = ['Berlin', 'Oslo', 'Porto', 'Lyon'];

function madeUp(field: Field, number: number): string {
  const values = {
    name: `Customer ${number}`,
    email: `c${number}@mail.example`,
    phone: `+49301234${String(number).padStart(4, '0')}`,
    city: cities[number % cities.length] ?? '',
  };
  return values[field];
}

describe('a job from PostgreSQL to two connections with different overlays', { timeout: 120_000 }, () => {
  it(`keeps both in step over ${runs} scheduled runs, and leaves alone what others edit there`, async ({
    onTestFinished,
  }) => {
    const bench = await startBench({ onTestFinished });
    const dice = createDice(7);
    let serial = 0;
    for (let run = 1; run <= runs; run += 1) {
      for (let count = run === 1 ? 40 : 3; count > 0; count -= 1) {
        serial += 1;
        await bench.insert(`c-${serial}`, Object.fromEntries(fields.map((field) => [field, madeUp(field, serial)])));
      }
      const ids = bench.ids();
      for (let count = 0; count < 4; count += 1) {
        serial += 1;
        const field = dice.pick(fields);
        await bench.change(dice.pick(ids), field, madeUp(field, serial));
      }
      await bench.change(dice.pick(ids), dice.pick(['email', 'phone', 'city']), null);
      if (run > 1) {
        await bench.remove(dice.pick(bench.settled()));
        for (const account of accounts) {
          serial += 1;
          const field = dice.pick(fields);
          await bench.edit(account.name, dice.pick(bench.settled()), field, madeUp(field, serial));
        }
      }

      const { stdout, code } = await bench.run(run === 1);
      expect(stdout).toMatch(new RegExp(`^nightly: run ${run} done`));
      expect(code).toBe(0);
      for (const { name } of accounts)
        expect(bench.stored(name), `${name} after run ${run}`).toEqual(bench.expected(name));
    }
    bench.forgetRequests();
    expect((await bench.run(false)).code).toBe(0);
    expect(bench.requests()).toBe(0);
    expect(bench.ids().length).toBeGreaterThan(80);
  });
});

interface Ending {
  onTestFinished(task: () => void | Promise<void>): void;
}

async function startBench(ending: Ending) {
  const emulators = new Map<string, Awaited<ReturnType<typeof startEmulator>>>();
  const env: Record<string, string> = { DATABASE_URL: postgres.url };
  const connections = [];
  const folder = folderWith({}, ending);
  for (const { name, overlay } of accounts) {
    const emulator = await startEmulator({ rateLimits: false });
    ending.onTestFinished(() => emulator.close());
    emulators.set(name, emulator);
    env[`KEY_OF_${name}`] = emulator.apiKey;
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(overlay));
    const credentials = `credentials: { api_key: "\${env:KEY_OF_${name}}" }`;
    connections.push(
      `  ${name}: { provider: lago, base_url: "${emulator.url}", ${credentials}, overlay: ${name}.json }`,
    );
  }
  const clearing = (column: string) => ({ from: column, on_empty: 'clear' });
  const mapping = {
    fields: {
      id: { from: 'id' },
      name: { from: 'name' },
      email: clearing('email'),
      phone: clearing('phone'),
      'address.city': clearing('city'),
    },
  };
  writeFileSync(join(folder, 'columns.json'), JSON.stringify(mapping));
  writeFileSync(
    join(folder, 'customer-sync.yaml'),
    [
      'sources:',
      `  crm: { type: postgres, url: "\${env:DATABASE_URL}", query: SELECT * FROM people, source_mapping: columns.json }`,
      'connections:',
      ...connections,
      'jobs:',
      '  nightly: { source: crm, to: [eu, us], mode: mirror, allow_archive: true, consents: [end_subscriptions], schedule: every 1h }',
    ].join('\n'),
  );
  await postgres.sql('CREATE TABLE people (id text PRIMARY KEY, name text, email text, phone text, city text)');

  const source: Model = new Map();
  const models = new Map<string, Model>(accounts.map(({ name }) => [name, new Map()]));
  /** The source as the last run saw it. */
  let seen: Model = new Map();

  /** What the accounts are to hold once the source says so. */
  function want(id: string, field: Field, value: string | null): void {
    for (const { name, mapped } of accounts) {
      const rule = Object.hasOwn(mapped, field) ? Object(mapped)[field] : undefined;
      const customer = models.get(name)?.get(id);
      if (rule !== undefined && customer !== undefined) customer[field] = value === null ? null : rule(value);
    }
  }

  return {
    ids: () => [...source.keys()],
    settled: () => [...source.keys()].filter((id) => seen.has(id)),
    async insert(id: string, customer: Customer) {
      source.set(id, customer);
      for (const model of models.values()) model.set(id, { name: null, email: null, phone: null, city: null });
      await postgres.sql('INSERT INTO people VALUES ($1, $2, $3, $4, $5)', [
        id,
        ...fields.map((field) => customer[field]),
      ]);
    },
    async change(id: string, field: Field, value: string | null) {
      source.set(id, { ...source.get(id), [field]: value });
      await postgres.sql(`UPDATE people SET ${field} = $2 WHERE id = $1`, [id, value]);
    },
    async remove(id: string) {
      source.delete(id);
      for (const model of models.values()) model.delete(id);
      await postgres.sql('DELETE FROM people WHERE id = $1', [id]);
    },
    /** Somebody corrects a customer at the provider; it stays until the source changes the same field. */
    async edit(account: string, id: string, field: Field, value: string) {
      const customer = models.get(account)?.get(id);
      const emulator = emulators.get(account);
      if (customer === undefined || emulator === undefined) throw new Error(`${account} has no ${id}`);
      const response = await fetch(`${emulator.url}/customers`, {
        method: 'POST',
        headers: { authorization: `Bearer ${emulator.apiKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({ customer: { external_id: id, [field]: value } }),
      });
      expect(response.status).toBe(200);
      customer[field] = value;
    },
    async run(isFirst: boolean) {
      for (const [id, customer] of source) {
        const before = seen.get(id) ?? {};
        for (const field of fields) if (customer[field] !== before[field]) want(id, field, customer[field] ?? null);
      }
      seen = new Map(source);
      return runCli(['run', 'nightly', ...(isFirst ? ['--first-run'] : [])], { env, cwd: folder });
    },
    stored: (account: string) =>
      Object.fromEntries(
        (emulators.get(account)?.customers() ?? [])
          .map((customer) => Object(customer))
          .map(({ external_id: id, name, email, phone, city }) => [id, { name, email, phone, city }]),
      ),
    expected: (account: string) => Object.fromEntries(models.get(account) ?? []),
    forgetRequests() {
      for (const emulator of emulators.values()) emulator.requests.length = 0;
    },
    requests: () => [...emulators.values()].reduce((sum, { requests }) => sum + requests.length, 0),
  };
}
