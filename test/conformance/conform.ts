import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Emulator, FaultTarget } from '../../emulators/server.js';
import type { Operation as ApiOperation } from '../../schemas/definition.js';
import { JOE, SUBJECTS, type Subject } from '../core/upsert/flow.js';
import { type Cell, cellsOf, isDeep } from './cells.js';
import { dataCases, expectedOfData } from './data-cases.js';
import { MAX_ATTEMPTS, type Operation, type Step } from './expected.js';
import { type FaultProxy, startFaultProxy } from './fault-proxy.js';
import {
  failLookUp,
  HOSTS,
  type HostName,
  type NangoWays,
  openLocal,
  openNango,
  type Result,
  type Way,
} from './ways.js';

const SMITH = { ...JOE, last_name: 'Smith' };
type RunCell = Extract<Cell, { kind: 'run' }>;

/**
 * Runs the cases of the list for one provider, and hostile data.
 * @param isExhaustive those of the exhaustive run instead of those of every day
 */
export function conform(id: string, isExhaustive = false): void {
  const subject = subjectOf(id);
  const { provider, names } = subject;
  let emulator: Emulator<object>;
  let proxy: FaultProxy;
  let nango: NangoWays;
  let ways: Readonly<Record<HostName, (isHanging: boolean) => Way>>;

  beforeAll(async () => {
    emulator = await subject.start();
    proxy = await startFaultProxy(Number(new URL(emulator.url).port));
    nango = await openNango(provider, emulator);
    const [patient, hasty] = [local(), local({ isHanging: true })];
    ways = { ...nango.ways, local: (isHanging) => (isHanging ? hasty : patient) };
  });
  afterAll(async () => {
    await Promise.all([emulator.close(), proxy.close(), nango.close()]);
  });
  beforeEach(async () => {
    emulator.reset();
    nango.reset();
    await proxy.reset();
  });

  afterEach(() => {
    vi.restoreAllMocks();
  });

  /** As another program with the same key, whose requests are not ours. */
  async function call(method: string, path: string, body?: unknown): Promise<unknown> {
    const { definition } = provider;
    const response = await fetch(emulator.url + path, {
      method,
      headers: {
        ...definition.api.headers,
        [definition.auth.header]: definition.auth.value.replace('{key}', emulator.apiKey),
        'content-type': 'application/json',
        [somebody]: 'else',
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return response.text();
  }

  const local = (options: Partial<Parameters<typeof openLocal>[0]> = {}) =>
    openLocal({ provider, apiKey: emulator.apiKey, baseUrl: emulator.url, ...options });

  /** The provider's base URL by another origin. */
  const by = (origin: string) => emulator.url.replace(/^http:\/\/[^/]+/, origin);

  /** Puts the fault where the cell says, and opens the way to meet it. */
  function prepare({ fault, operation, attempt, host }: RunCell): Way {
    const { making } = fault;
    const request = requestOf(subject, operation);
    const target: FaultTarget = request === undefined ? {} : { method: request.method, path: request.path };
    const after = attempt === 'last' ? MAX_ATTEMPTS - 1 : 0;
    if (after > 0) emulator.faults.add({ kind: 'respond', status: 429 }, { ...target, times: after });
    /** Position of the request that meets the fault among all of ours. */
    const number = after + (operation === 'create' || operation === 'update' ? 1 : 0);
    switch (making.by) {
      case 'provider': {
        const injected = making.fault(subject, operation);
        emulator.faults.add(injected, { ...target, times: attempt === 'every' ? 99 : 1 });
        return ways[host](injected.kind === 'hang');
      }
      case 'somebody': {
        const act = () =>
          making.deed === 'creates'
            ? subject.createElsewhere({ emulator, call }, 'Joanna')
            : subject.deleteElsewhere({ emulator, call });
        emulator.faults.add({ kind: 'meanwhile', act }, target);
        return ways[host](false);
      }
      case 'wire': {
        proxy.arm(making.toxic, { line: request?.line ?? /^/, after });
        const isHanging = making.toxic.toxic === 'timeout' || making.toxic.toxic === 'hold';
        return local({ baseUrl: by(`http://127.0.0.1:${proxy.port}`), isHanging });
      }
      case 'closed port': {
        proxy.closesEach = true;
        const before = async (earlier: number) => {
          if (earlier === number) await proxy.shut();
          if (earlier === number + 1) await proxy.open();
        };
        return local({ baseUrl: by(`http://127.0.0.1:${proxy.port}`), before });
      }
      case 'name': {
        proxy.closesEach = true;
        failLookUp(number + 1);
        return local({ baseUrl: by(`http://localhost:${proxy.port}`) });
      }
      case 'tls':
        return local({ baseUrl: by(`https://127.0.0.1:${new URL(emulator.url).port}`) });
    }
  }

  async function act(way: Way, operation: Operation): Promise<Result> {
    if (operation !== 'archive') return way.upsert(operation === 'update' ? SMITH : JOE);
    const { address, provider_id } = provider.definition.identity;
    const [record = {}] = emulator.customers();
    if (way.archive === undefined) throw new Error('nothing archives here');
    return way.archive(JOE.id, address === 'our_id' ? JOE.id : String(Reflect.get(record, provider_id)));
  }

  const steps = (): Step[] =>
    emulator.requests
      .filter(({ headers }) => headers[somebody] === undefined)
      .map(({ method, target }) => (isRead(subject, method, target) ? 'read' : 'write'));

  async function run(cell: RunCell): Promise<void> {
    const { operation, expected, fault, attempt } = cell;
    if (operation !== 'create') await subject.createElsewhere({ emulator, call }, JOE.first_name);
    const way = prepare(cell);
    way.reset();
    const result = await act(way, operation);
    const sent = steps();
    await proxy.deliverHeld();

    expect({ status: result.status, code: result.code, steps: sent }).toEqual({
      status: expected.status,
      code: expected.code,
      steps: expected.steps,
    });
    expect(names(emulator)).toEqual(namesAfter(operation, expected.done));
    if (fault.waitMs !== undefined && attempt === 'first' && way.waits !== undefined) {
      expect(way.waits).toHaveLength(1);
      // A date has no parts of a second, and waits are spread a little.
      expect(Math.abs((way.waits[0] ?? 0) - fault.waitMs)).toBeLessThan(2_000);
    }
    expectNothingSecret(way);
  }

  function expectNothingSecret(way: Way): void {
    const said = JSON.stringify(way.said);
    for (const secret of [...personal, emulator.apiKey, nango.secretKey]) expect(said).not.toContain(secret);
  }

  const cells = cellsOf(subject).filter(
    (cell): cell is RunCell => cell.kind === 'run' && isDeep(cell) === isExhaustive,
  );
  describe.each([...new Set(cells.map(({ fault }) => fault))])('$name', (fault) => {
    it.each(cells.filter((cell) => cell.fault === fault))('$operation, $attempt attempt, $host', run);
  });

  if (isExhaustive) return;
  describe.each(HOSTS)('through %s, a customer with', (host) => {
    it.each(dataCases)('$name', async (given) => {
      const way = ways[host](false);
      way.reset();
      const results = [await way.upsert(JSON.parse(given.json)), await way.upsert(JSON.parse(given.json))];
      expect(results.map(({ status }) => status).join(', then ')).toBe(expectedOfData(given, id));
      expect(names(emulator)).toHaveLength(results[0]?.status === 'created' ? 1 : 0);
      expect(names(emulator).join()).toContain(given.holds ?? '');
      expect(emulator.requests.flatMap(({ headers }) => Object.keys(headers))).not.toContain('x-evil');
      expectNothingSecret(way);
    });
  });
}

const somebody = 'x-somebody';
const personal = ['joe@', 'Joe', 'Bloggs', 'Smith'];

function subjectOf(id: string): Subject {
  const subject = SUBJECTS.find((candidate) => candidate.id === id);
  if (subject === undefined) throw new Error(`${id} is not among the subjects of test/core/upsert/flow.ts`);
  return subject;
}

function namesAfter(operation: Operation, done: boolean): string[] {
  if (operation === 'create') return done ? ['Joe Bloggs'] : [];
  if (operation === 'archive') return done ? [] : ['Joe Bloggs'];
  return operation === 'update' && done ? ['Joe Smith'] : ['Joe Bloggs'];
}

/** How the request that an operation is about looks on the wire; a look-up is all that it sends. */
function requestOf({ provider }: Subject, operation: Operation) {
  if (operation === 'find') return undefined;
  const { operations } = provider.definition;
  const api = operations[operation] ?? (operation === 'archive' ? operations['delete'] : undefined);
  if (api === undefined) throw new Error(`${provider.definition.id} declares no ${operation}`);
  const path = pathOf(api);
  return { method: api.method, path: new RegExp(`${path}$`), line: new RegExp(`^${api.method} \\S*${path} HTTP`) };
}

/** A pattern for the end of a request's path, its query included. */
function pathOf({ path }: ApiOperation): string {
  const literal = path.split(/\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return `${literal.join('[^/?]+')}(\\?\\S*)?`;
}

function isRead({ provider }: Subject, method: string, target: string): boolean {
  return Object.values(provider.definition.operations).some(
    (api) => api.read && api.method === method && new RegExp(`${pathOf(api)}$`).test(target),
  );
}
