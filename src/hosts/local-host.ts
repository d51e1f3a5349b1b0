import { type AgentOptions, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import axios, { AxiosHeaders } from 'axios';
import type { ProviderDefinition } from '../../schemas/definition.js';
import { CustomerSyncError } from '../core/errors.js';
import { normalBaseUrl } from '../core/http/base-url.js';
import { type Host, type LogEntry, TransportError } from '../core/http/host.js';
import { textHeaders } from '../core/http/text-headers.js';
import { howToAllowHttp, isSecureUrl } from './secure-url.js';

export interface LocalHostOptions {
  readonly definition: ProviderDefinition;
  /** Replaces the definition's base URL. https, or http to this machine. */
  readonly baseUrl?: string | undefined;
  /** Whether plain http is accepted within one's own network. Default: no. */
  readonly allowHttp?: boolean | undefined;
  readonly apiKey: string;
  /** To the first byte sent, in milliseconds. Default: 10 s. */
  readonly connectTimeoutMs?: number;
  /** For the whole answer, in milliseconds. Default: 30 s. */
  readonly timeoutMs?: number;
  /** Largest answer accepted, in bytes, unpacked. Default: 10 MB. */
  readonly maxResponseBytes?: number;
  readonly log?: (entry: LogEntry) => void;
}

/** Sends straight to the provider with axios. */
export function createLocalHost({
  definition,
  baseUrl = definition.api.base_url,
  allowHttp = false,
  apiKey,
  connectTimeoutMs = 10_000,
  timeoutMs = 30_000,
  maxResponseBytes = 10_000_000,
  log = () => {},
}: LocalHostOptions): Host {
  const origin = checkedBaseUrl(baseUrl, definition, allowHttp);
  // axios asks for these milliseconds at each request; another number would be two system calls more for each.
  const agentOptions = { keepAlive: true, keepAliveMsecs: 60_000, maxSockets: 256 };
  /** Failures on the way to the provider's door. After these the request has certainly not been read. */
  const neverSent = new WeakSet<object>();
  const connecting = { timeoutMs: connectTimeoutMs, neverSent };
  const key = headerValue(apiKey, definition);
  // axios' layers above it merge settings and convert bodies anew for each request, which takes a third of its time.
  const request = axios.getAdapter('http');
  const settings = {
    // A redirect would carry the key to another host.
    maxRedirects: 0,
    maxContentLength: maxResponseBytes,
    maxBodyLength: maxResponseBytes,
    responseType: 'text',
    validateStatus: () => true,
    // Environment proxies would see the key; whoever needs one runs the request through Nango.
    proxy: false,
    httpAgent: new TimedHttpAgent(agentOptions, connecting),
    httpsAgent: new TimedHttpsAgent(agentOptions, connecting),
  } as const;
  const ownHeaders = {
    'user-agent': 'customer-sync',
    // A function, since `$` means something in a replacement text.
    [definition.auth.header]: definition.auth.value.replace('{key}', () => key),
  };

  return {
    kind: 'local',
    providerHeaders: 'full',
    async send({ method, path, query, headers, body: data }) {
      // axios' own timeout counts the time without a byte, so an answer that drips would never end. The timer of
      // AbortSignal.timeout would stay for its whole time after the answer, thousands of them in a large run.
      const deadline = new AbortController();
      const timer = setTimeout(() => deadline.abort(), timeoutMs);
      try {
        const response = await request({
          ...settings,
          method,
          url: query === undefined ? origin + path : `${origin}${path}?${query}`,
          headers: new AxiosHeaders({ ...headers, ...ownHeaders }),
          signal: deadline.signal,
          data,
        });
        const { status } = response;
        const text = String(response.data);
        // A gateway that repeats the request in its error repeats the key.
        const body = status >= 400 ? text.replaceAll(key, '[key]') : text;
        return { status, headers: textHeaders(response.headers), body };
      } catch (error) {
        // The error holds the request with its key, so only its code leaves this place.
        const cause = axios.isAxiosError(error) ? error.cause : undefined;
        throw new TransportError(cause !== undefined && neverSent.has(cause) ? 'no' : 'maybe', reasonOf(error));
      } finally {
        clearTimeout(timer);
      }
    },
    now: Date.now,
    async sleep(ms) {
      await sleep(ms);
    },
    random: Math.random,
    log,
  };
}

const connectTimeout = 'connect timeout';

function reasonOf(error: unknown): string {
  if (!axios.isAxiosError(error)) return 'unknown';
  if (error.code === 'ERR_CANCELED' || error.code === 'ETIMEDOUT') return 'timeout';
  return error.code ?? 'unknown';
}

function checkedBaseUrl(baseUrl: string, { api, name }: ProviderDefinition, allowHttp: boolean): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  const hasUser = url !== undefined && (url.username !== '' || url.password !== '');
  if (url === undefined || !isSecureUrl(url, allowHttp) || hasUser || /[?#]/.test(baseUrl)) {
    const regions = Object.keys(api.other_base_urls ?? {}).map((region) => ` or "${region}"`);
    throw new CustomerSyncError('config', {
      message: `the base URL for ${name} is not usable`,
      remedy: `Give ${api.base_url_env} an https URL without user name and query, for example ${api.base_url}${regions.join('')}. ${howToAllowHttp}`,
    });
  }
  return normalBaseUrl(baseUrl);
}

function headerValue(apiKey: string, { auth, name }: ProviderDefinition): string {
  if (/^[\x21-\x7e]+$/.test(apiKey)) return apiKey;
  throw new CustomerSyncError('config', {
    message: `the key for ${name} is empty or has spaces, line breaks or other characters that no key has`,
    remedy: `Set ${auth.env} to the key alone, without quotes around it.`,
  });
}

interface Connecting {
  readonly timeoutMs: number;
  /** Gets every error of a connection that has not come about. */
  readonly neverSent: WeakSet<object>;
}

class TimedHttpAgent extends HttpAgent {
  readonly #connecting: Connecting;

  constructor(options: AgentOptions, connecting: Connecting) {
    super(options);
    this.#connecting = connecting;
  }

  override createConnection(...parameters: Parameters<HttpAgent['createConnection']>): Duplex | null | undefined {
    return watchConnecting(super.createConnection(...parameters), 'connect', this.#connecting);
  }
}

class TimedHttpsAgent extends HttpsAgent {
  readonly #connecting: Connecting;

  constructor(options: AgentOptions, connecting: Connecting) {
    super(options);
    this.#connecting = connecting;
  }

  override createConnection(...parameters: Parameters<HttpsAgent['createConnection']>): Duplex | null | undefined {
    return watchConnecting(super.createConnection(...parameters), 'secureConnect', this.#connecting);
  }
}

function watchConnecting<T extends Duplex | null | undefined>(
  socket: T,
  ready: string,
  { timeoutMs, neverSent }: Connecting,
): T {
  if (socket === null || socket === undefined) return socket;
  const timer = setTimeout(() => {
    socket.destroy(Object.assign(new Error(connectTimeout), { code: connectTimeout }));
  }, timeoutMs);
  const noteError = (error: Error) => neverSent.add(error);
  const stop = () => {
    clearTimeout(timer);
    socket.off('error', noteError);
  };
  // First of all listeners: the one of the request would answer before the error is noted.
  socket.prependListener('error', noteError);
  socket.once(ready, stop).once('close', stop);
  return socket;
}
