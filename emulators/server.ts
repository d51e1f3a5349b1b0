import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import { createFaults, type FaultInjector } from './faults.js';
import { playFault } from './play-fault.js';

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
  const faults = createFaults();

  const listener = getRequestListener(
    async (request, env) => {
      const { incoming, outgoing } = env as { incoming: IncomingMessage; outgoing: ServerResponse };
      const body = await request.text();
      requests.push(record(incoming, body));
      const fault = faults.take(incoming);
      const handle = async () => app.fetch(rebuild(request, body));
      return fault === undefined ? handle() : playFault(fault, { incoming, outgoing, handle });
    },
    { overrideGlobalObjects: false },
  );

  const server = createServer((request, response) => void listener(request, response));
  await listen(server, port);
  const { port: actualPort } = server.address() as AddressInfo;

  return {
    origin: `http://127.0.0.1:${actualPort}`,
    requests,
    faults: faults.injector,
    close() {
      return new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      });
    },
  };
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
