import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { getRequestListener } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Hono } from 'hono';

/** A stateful stand-in for one provider's API, listening on 127.0.0.1. */
export interface Emulator<StoredRecord = unknown> {
  /** The provider's id, as in `providers/<id>`. */
  readonly id: string;
  /** Base URL to give a client; includes the path prefix of the provider's own base URL. */
  readonly url: string;
  /** A key this emulator accepts. */
  readonly apiKey: string;
  /** Every request that arrived, oldest first, those that a fault swallowed included. */
  readonly requests: RecordedRequest[];
  readonly faults: FaultInjector;
  /** What the provider holds now, in the shape its API answers with. Archived or deleted ones are left out. */
  customers(): StoredRecord[];
  /** Forgets all customers, requests and faults, and refills every rate limit. */
  reset(): void;
  close(): Promise<void>;
}

export interface EmulatorOptions {
  /** Port on 127.0.0.1; 0, the default, takes a free one. */
  readonly port?: number;
  /** Whether the provider's rate limits are enforced. Default: true. */
  readonly rateLimits?: boolean;
  /** Clock for timestamps and rate limits, epoch milliseconds. Default: `Date.now`. */
  readonly now?: () => number;
  /** The key it accepts. Default: a fixed, recognisably fake one. */
  readonly apiKey?: string;
}

export interface RecordedRequest {
  readonly method: string;
  /** Path and query exactly as they stood on the wire. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What goes wrong with a request. `commit: true` means that the provider did the work before it went wrong. */
export type Fault =
  | {
      readonly kind: 'respond';
      readonly commit?: boolean;
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  /** The connection is dropped without an answer. */
  | { readonly kind: 'reset'; readonly commit?: boolean }
  /** No answer ever comes; the connection stays open. */
  | { readonly kind: 'hang'; readonly commit?: boolean; readonly onHang?: () => void }
  /** The work is done and the answer starts, but the connection breaks half-way through the body. */
  | { readonly kind: 'truncate' }
  /** The work is done, and its answer comes with another status or other headers, or packed. */
  | {
      readonly kind: 'alter';
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly gzip?: boolean;
    }
  /** The work is done, and so long a pause divides the answer's body. */
  | { readonly kind: 'drip'; readonly ms: number }
  /** Somebody else does this just before the request is handled. */
  | { readonly kind: 'meanwhile'; act(): Promise<unknown> }
  | { readonly kind: 'delay'; readonly ms: number };

export interface FaultTarget {
  readonly method?: string;
  /** Matched against path and query. */
  readonly path?: RegExp;
  /** How many matching requests go wrong. Default: 1. */
  readonly times?: number;
  /** How many matching requests pass first. Default: 0. */
  readonly after?: number;
}

export interface FaultInjector {
  add(fault: Fault, target?: FaultTarget): void;
  clear(): void;
}

interface PendingFault {
  readonly fault: Fault;
  readonly target: FaultTarget;
  skip: number;
  left: number;
}

interface ServerParts {
  readonly app: Hono;
  readonly port: number;
}

/** What `startServer` adds to a provider's own Hono app: a socket, a request log and faults. */
export interface RunningServer {
  readonly origin: string;
  readonly requests: RecordedRequest[];
  readonly faults: FaultInjector;
  close(): Promise<void>;
}

/** Serves `app` on loopback, recording every request and letting faults be injected above and below HTTP. */
export async function startServer({ app, port }: ServerParts): Promise<RunningServer> {
  const requests: RecordedRequest[] = [];
  const pending: PendingFault[] = [];

  const listener = getRequestListener(
    async (request, env) => {
      const { incoming, outgoing } = env as unknown as { incoming: IncomingMessage; outgoing: NodeResponse };
      const body = await request.text();
      requests.push(record(incoming, body));
      const fault = takeFault(pending, incoming);
      const handle = () => app.fetch(rebuild(request, body));
      if (fault === undefined) return handle();

      switch (fault.kind) {
        case 'delay':
          await pause(fault.ms);
          return handle();
        case 'respond':
          if (fault.commit) await handle();
          return new Response(fault.body ?? '', { status: fault.status, headers: { ...fault.headers } });
        case 'reset':
          if (fault.commit) await handle();
          incoming.socket.destroy();
          return RESPONSE_ALREADY_SENT;
        case 'hang':
          if (fault.commit) await handle();
          fault.onHang?.();
          return RESPONSE_ALREADY_SENT;
        case 'truncate': {
          const rest = await beginAnswer(await handle(), outgoing);
          await rest.half();
          incoming.socket.destroy();
          return RESPONSE_ALREADY_SENT;
        }
        case 'drip': {
          const rest = await beginAnswer(await handle(), outgoing);
          await rest.half();
          await pause(fault.ms);
          rest.end();
          return RESPONSE_ALREADY_SENT;
        }
        case 'alter':
          return altered(await handle(), fault);
        case 'meanwhile':
          await fault.act();
          return handle();
      }
    },
    { overrideGlobalObjects: false },
  );

  const server = createServer((request, response) => void listener(request, response));
  await listen(server, port);
  const { port: actualPort } = server.address() as AddressInfo;

  return {
    origin: `http://127.0.0.1:${actualPort}`,
    requests,
    faults: {
      add(fault, target = {}) {
        pending.push({ fault, target, skip: target.after ?? 0, left: target.times ?? 1 });
      },
      clear() {
        pending.length = 0;
      },
    },
    close() {
      return new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      });
    },
  };
}

interface NodeResponse {
  writeHead(status: number, headers: Record<string, string>): void;
  write(chunk: Uint8Array, done: () => void): void;
  end(chunk: Uint8Array): void;
}

/** Sends status and headers, and leaves the body to be sent in two halves. */
async function beginAnswer(response: Response, outgoing: NodeResponse) {
  const body = Buffer.from(await response.arrayBuffer());
  const middle = Math.floor(body.byteLength / 2);
  outgoing.writeHead(response.status, {
    ...Object.fromEntries(response.headers),
    'content-length': String(body.byteLength),
  });
  return {
    half: () => new Promise<void>((resolve) => outgoing.write(body.subarray(0, middle), resolve)),
    end: () => outgoing.end(body.subarray(middle)),
  };
}

async function altered(response: Response, { status, headers, gzip }: Extract<Fault, { kind: 'alter' }>) {
  const body = Buffer.from(await response.arrayBuffer());
  return new Response(gzip ? gzipSync(body) : body, {
    status: status ?? response.status,
    headers: { ...Object.fromEntries(response.headers), ...(gzip && { 'content-encoding': 'gzip' }), ...headers },
  });
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}

function record(incoming: IncomingMessage, body: string): RecordedRequest {
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
  return { method: incoming.method ?? '', target: incoming.url ?? '', headers, body };
}

/** A request whose body was read once is sent on with that body, so that the app can read it again. */
function rebuild(request: Request, body: string): Request {
  const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
  return new Request(request.url, {
    method: request.method,
    headers: request.headers,
    ...(hasBody && { body }),
  });
}

function takeFault(pending: PendingFault[], incoming: IncomingMessage): Fault | undefined {
  for (const [index, entry] of pending.entries()) {
    const { method, path } = entry.target;
    if (method !== undefined && method !== incoming.method) continue;
    if (path !== undefined && !path.test(incoming.url ?? '')) continue;
    if (entry.skip > 0) {
      entry.skip -= 1;
      continue;
    }
    entry.left -= 1;
    if (entry.left <= 0) pending.splice(index, 1);
    return entry.fault;
  }
  return undefined;
}
