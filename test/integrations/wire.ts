import nock from 'nock';
import { afterAll, afterEach, beforeEach, expect } from 'vitest';
import type { Provider } from '../../src/core/connector.js';
import { type Client, createClient } from '../../src/core/http/client.js';
import { createLocalHost } from '../../src/hosts/local-host.js';

export const KEY = 'key-of-the-test';

export interface Sent {
  readonly method: string;
  /** The whole URL as it stood on the wire. */
  readonly url: string;
  /** Those that the connector and its definition decide about, in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Wire {
  readonly client: Client;
  readonly sent: Sent[];
  /** Lets exactly one request through and answers it; a body that is not text goes out as JSON. */
  answer(method: string, target: string, status: number, body?: unknown, headers?: Record<string, string>): void;
}

const ABOUT_THE_CONNECTION = ['accept-encoding', 'connection', 'content-length', 'host', 'user-agent'];

/** The client of a provider at its default base URL, with nothing but the answers given behind it. */
export function wire({ definition }: Provider): Wire {
  const base = new URL(definition.api.base_url);
  const prefix = base.pathname.replace(/\/$/, '');
  const sent: Sent[] = [];
  const host = createLocalHost({ definition, apiKey: KEY });
  const retry = { maxAttempts: 1, baseMs: 0, capMs: 0, budgetMs: 1_000 };
  return {
    client: createClient({ host, definition, retry }),
    sent,
    answer(method, target, status, body = '', headers = {}) {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      nock(base.origin)
        .intercept(prefix + target, method)
        .reply(status, text, { 'content-type': 'application/json', ...headers })
        .on('request', (request: Request, _interceptor: unknown, requestBody: string) => {
          const all = [...request.headers].filter(([name]) => !ABOUT_THE_CONNECTION.includes(name));
          sent.push({ method: request.method, url: request.url, headers: Object.fromEntries(all), body: requestBody });
        });
    },
  };
}

/** For a test file: no request but those answered gets anywhere, and none that was answered is left unsent. */
export function useWire(): void {
  beforeEach(() => nock.disableNetConnect());
  afterEach(() => {
    const left = nock.pendingMocks();
    nock.cleanAll();
    expect(left).toEqual([]);
  });
  afterAll(() => {
    nock.enableNetConnect();
    nock.restore();
  });
}
