import type { FaultTarget } from '../../emulators/faults.js';
import type { Emulator, RecordedRequest } from '../../emulators/server.js';
import type { Operation as ApiOperation } from '../../schemas/definition.js';
import { type Access, bodyText, bodyType, type Subject, withoutConfirmations } from '../core/upsert/flow.js';
import type { Cell } from './cells.js';
import { MAX_ATTEMPTS, type Operation, type Step } from './expected.js';
import { startFaultProxy } from './fault-proxy.js';
import { createTimeLimits } from './time-limits.js';
import { archivesByProviderId, failLookUp, type HostName, openLocal, openNango, type Way } from './ways.js';

export type RunCell = Extract<Cell, { kind: 'run' }>;

/** A provider's emulator with all that can go wrong on the way to it. */
export interface Stage extends Access {
  readonly ways: Readonly<Record<HostName, Way>>;
  /** Keys that nobody may see. */
  readonly secrets: readonly string[];
  /** Puts the fault where the cell says, and opens the way to meet it. */
  prepare(cell: RunCell): Way;
  /** Requests of ours that arrived. */
  steps(): Step[];
  /** Lets the provider have what was held back. */
  deliverHeld(): Promise<void>;
  reset(): Promise<void>;
  close(): Promise<void>;
}

export async function openStage(subject: Subject): Promise<Stage> {
  const { provider } = subject;
  const emulator = await subject.start();
  const limits = createTimeLimits();
  const proxy = await startFaultProxy(Number(new URL(emulator.url).port), limits.expire);
  const nango = await openNango(provider, emulator, limits);
  const local = (options: Partial<Parameters<typeof openLocal>[0]> = {}) =>
    openLocal({ provider, apiKey: emulator.apiKey, baseUrl: emulator.url, ...options });
  const ways = { ...nango.ways, local: local() };
  const access: Access = { emulator, call: callerOf(subject, emulator) };

  /** Through the proxy, under the name or the address of this machine. */
  const proxied = (host: string, options: Partial<Parameters<typeof openLocal>[0]> = {}) =>
    local({ baseUrl: atOrigin(emulator.url, `http://${host}:${proxy.port}`), ...options });

  function prepare({ fault: { making }, operation, attempt, host }: RunCell): Way {
    const request = requestOf(subject, operation);
    const target: FaultTarget = request === undefined ? {} : { method: request.method, path: request.path };
    const after = attempt === 'last' ? MAX_ATTEMPTS - 1 : 0;
    if (after > 0) emulator.faults.add({ kind: 'respond', status: 429 }, { ...target, times: after });
    /** Position of the request that meets the fault among all of ours. */
    const position = after + readsBefore(subject, operation);
    switch (making.by) {
      case 'provider': {
        const fault = making.fault(subject, operation);
        const injected = fault.kind === 'hang' ? { ...fault, onHang: limits.expire } : fault;
        emulator.faults.add(injected, { ...target, times: attempt === 'every' ? 99 : 1 });
        return ways[host];
      }
      case 'somebody': {
        const { createElsewhere, deleteElsewhere } = subject;
        const act = () => (making.deed === 'creates' ? createElsewhere(access, 'Joanna') : deleteElsewhere(access));
        emulator.faults.add({ kind: 'meanwhile', act }, target);
        return ways[host];
      }
      case 'wire':
        proxy.arm(making.toxic, { line: request?.line ?? /^/, after });
        return proxied('127.0.0.1');
      case 'closed port': {
        proxy.closesEach = true;
        const before = async (earlier: number) => {
          if (earlier === position) await proxy.shut();
          if (earlier === position + 1) await proxy.open();
        };
        return proxied('127.0.0.1', { before });
      }
      case 'name':
        proxy.closesEach = true;
        failLookUp(position + 1);
        return proxied('localhost');
      case 'tls':
        return local({ baseUrl: emulator.url.replace('http:', 'https:') });
    }
  }

  return {
    ...access,
    ways,
    secrets: [emulator.apiKey, nango.secretKey],
    prepare,
    steps: () =>
      withoutConfirmations(
        emulator.requests.filter(({ headers }) => headers[somebody] === undefined),
        (request) => operationOf(subject, request),
      ).map((request) => (isRead(subject, request) ? 'read' : 'write')),
    deliverHeld: proxy.deliverHeld,
    async reset() {
      limits.reset();
      limits.takeOver();
      emulator.reset();
      nango.reset();
      await proxy.reset();
    },
    async close() {
      await Promise.all([emulator.close(), proxy.close(), nango.close()]);
    },
  };
}

const somebody = 'x-somebody';

/** Asks as another program with the same key does, whose requests are not ours. */
function callerOf({ provider }: Subject, { url, apiKey }: Emulator<object>): Access['call'] {
  const { api, auth } = provider.definition;
  const headers = {
    ...api.headers,
    [auth.header]: auth.value.replace('{key}', apiKey),
    ...bodyType(provider),
    [somebody]: 'else',
  };
  return async (method, path, body, more = {}) => {
    const response = await fetch(url + path, {
      method,
      headers: { ...headers, ...more },
      ...(body !== undefined && { body: bodyText(provider, body) }),
    });
    return response.text();
  };
}

const atOrigin = (url: string, origin: string): string => url.replace(/^http:\/\/[^/]+/, origin);

/** Requests of ours before the one that an operation is about: a look-up, which reads twice whom a search finds. */
function readsBefore({ provider }: Subject, operation: Operation): number {
  if (operation === 'archive') return archivesByProviderId(provider) ? 1 : 0;
  if (operation === 'find') return 0;
  const { reads, unique } = provider.definition.identity;
  return operation === 'update' && reads === 'eventual' && !unique ? 2 : 1;
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

/** The operation with the longest path that fits: a `search` is no `get` of somebody whose id is "search". */
function operationOf({ provider }: Subject, { method, target }: RecordedRequest): string {
  const fitting = Object.entries(provider.definition.operations).filter(
    ([, api]) => api.method === method && new RegExp(`${pathOf(api)}$`).test(target),
  );
  const [name = ''] = fitting.sort(([, one], [, other]) => literalLength(other) - literalLength(one))[0] ?? [];
  return name;
}

const literalLength = ({ path }: ApiOperation): number => path.replace(/\{\w+\}/g, '').length;

function isRead(subject: Subject, request: RecordedRequest): boolean {
  return subject.provider.definition.operations[operationOf(subject, request)]?.read === true;
}
