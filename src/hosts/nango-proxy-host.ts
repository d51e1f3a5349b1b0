import { setTimeout as sleep } from 'node:timers/promises';
import { Nango } from '@nangohq/node';
import type { ProviderDefinition } from '../../schemas/definition.js';
import { CustomerSyncError } from '../core/errors.js';
import { type Host, type HttpResponse, type LogEntry, TransportError } from '../core/http/host.js';
import { isObject } from '../core/mapping/path.js';

export interface NangoProxyHostOptions {
  readonly definition: ProviderDefinition;
  /** Key of the Nango environment. */
  readonly secretKey: string;
  /** Default: Nango's cloud. */
  readonly nangoUrl?: string | undefined;
  /** The integration's unique key in Nango. */
  readonly integration: string;
  readonly connectionId: string;
  /** For the whole answer, in milliseconds. Nango's client has none of its own. Default: 60 s. */
  readonly timeoutMs?: number;
  readonly log?: (entry: LogEntry) => void;
}

/** Sends through Nango's proxy, which adds the connection's base URL and credentials and changes what comes back. */
export function createNangoProxyHost({
  definition,
  secretKey,
  nangoUrl,
  integration,
  connectionId,
  timeoutMs = 60_000,
  log = () => {},
}: NangoProxyHostOptions): Host {
  const nango = new Nango(
    { apiKey: secretKey, ...(nangoUrl !== undefined && { host: nangoUrl }) },
    {
      interceptors: {
        request: (config) => {
          config.timeout = timeoutMs;
          config.maxRedirects = 0;
          config.responseType = 'text';
          config.transformResponse = (body: unknown) => body;
          config.validateStatus = () => true;
          return config;
        },
      },
    },
  );
  return {
    kind: 'nango-proxy',
    // A success with a content-length comes as 200 and with four headers, whatever the provider answered.
    providerHeaders: 'unreliable',
    async send({ method, path, query, headers, body }) {
      const place = { definition, integration, connectionId, method };
      const response = await nango
        .proxy<string>({
          method,
          endpoint: query === undefined ? path : `${path}?${query}`,
          providerConfigKey: integration,
          connectionId,
          headers: { ...headers },
          retries: 0,
          ...(body !== undefined && { data: dataOf(body, headers['content-type']) }),
        })
        .catch((error: unknown) => {
          throw new TransportError(codeOf(error) === 'ECONNREFUSED' ? 'no' : 'maybe', codeOf(error));
        });
      return providerAnswer(
        { status: response.status, headers: textHeaders(response.headers), body: response.data ?? '' },
        place,
      );
    },
    now: Date.now,
    async sleep(ms) {
      await sleep(ms);
    },
    random: Math.random,
    log,
  };
}

interface Place {
  readonly definition: ProviderDefinition;
  readonly integration: string;
  readonly connectionId: string;
  readonly method: string;
}

/** The provider's answer, once it is clear that it is not Nango's own. */
function providerAnswer(response: HttpResponse, place: Place): HttpResponse {
  if (response.status < 400) return response;
  // A connection that broke while Nango was reading comes as 500 without a body or its type.
  if (response.status === 500 && response.body === '' && response.headers['content-type'] === undefined) {
    throw new TransportError('maybe', 'the connection broke behind Nango');
  }
  const body = parse(response.body);
  if (!isObject(body)) return response;
  const { error, code, method } = body;
  // Failures between Nango and the provider have no `error` object.
  if (response.status === 500 && typeof code === 'string' && typeof method === 'string' && error === undefined) {
    throw new TransportError(
      ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'].includes(code) ? 'no' : 'maybe',
      `${code} behind Nango`,
    );
  }
  const nangoCode = isObject(error) ? error['code'] : undefined;
  if (typeof nangoCode === 'string') refuse(nangoCode, response, place);
  return response;
}

/** Throws for Nango's own errors, which are told from a provider's by status and code together. */
function refuse(
  code: string,
  { status, headers }: HttpResponse,
  { definition, integration, connectionId, method }: Place,
): void {
  const about = { provider: definition.id };
  switch (`${status} ${code}`) {
    case '429 too_many_request': {
      // Status and header names are those of a provider's 429. The seconds are rounded down, so one more is waited.
      const seconds = Number(headers['retry-after']);
      throw new TransportError(
        'no',
        "Nango's own rate limit",
        Number.isFinite(seconds) ? (seconds + 1) * 1000 : 60_000,
      );
    }
    case '401 missing_auth_header':
    case '401 invalid_secret_key_format':
    case '401 unknown_account':
      throw new CustomerSyncError('auth', {
        ...about,
        message: 'Nango does not accept the secret key',
        remedy: "Check NANGO_SECRET_KEY: it is the key of one environment, found in Nango's environment settings.",
      });
    case '404 unknown_provider_config':
      throw new CustomerSyncError('config', {
        ...about,
        message: `Nango has no integration "${integration}"`,
        remedy: 'Create the integration in Nango, or correct its name.',
      });
    case '400 server_error':
    case '400 unknown_connection':
      throw new CustomerSyncError('config', {
        ...about,
        message: `Nango has no connection "${connectionId}" for the integration "${integration}"`,
        remedy: 'Create the connection in Nango, or correct its id.',
      });
    case '400 base_url_override_not_allowed':
      // Nango follows redirects and refuses their target only after the first host has done its work.
      if (method !== 'GET') throw new TransportError('maybe', 'Nango refuses the address the request leads to');
      throw refusedAddress(about, integration);
    case '400 invalid_headers':
      throw refusedAddress(about, integration);
    case '500 generic_error_support':
      throw new TransportError('maybe', 'an error inside Nango');
    default:
  }
}

function refusedAddress(about: { provider: string }, integration: string): CustomerSyncError {
  return new CustomerSyncError('config', {
    ...about,
    message: 'Nango refuses the request',
    remedy: `Check the base URL of the integration "${integration}" in Nango, and the connection id.`,
  });
}

function dataOf(body: string, contentType: string | undefined): unknown {
  return contentType === 'application/json' ? JSON.parse(body) : body;
}

function parse(body: unknown): unknown {
  try {
    return JSON.parse(String(body));
  } catch {
    return undefined;
  }
}

function codeOf(error: unknown): string {
  const code = isObject(error) ? error['code'] : undefined;
  return typeof code === 'string' ? code : 'unknown';
}

function textHeaders(headers: object): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
}
