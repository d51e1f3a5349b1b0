import { setTimeout as sleep } from 'node:timers/promises';
import type { ProviderDefinition } from '../../schemas/definition.js';
import { CustomerSyncError } from '../core/errors.js';
import { type Host, type HttpResponse, isTransportError, type LogEntry, TransportError } from '../core/http/host.js';
import { textHeaders } from '../core/http/text-headers.js';
import { isObject } from '../core/mapping/path.js';
import type { NangoAccess } from './nango-access.js';
import { createNangoClient, failureCode, neverReached } from './nango-client.js';
import type { NangoPace } from './nango-pace.js';
import { type NangoPlace, nangoRefusal } from './nango-refusal.js';

export interface NangoProxyHostOptions extends NangoAccess {
  readonly definition: ProviderDefinition;
  /** The integration's unique key in Nango. */
  readonly integration: string;
  readonly connectionId: string;
  /** Shared by all connections of the environment. Absent: Nango's own limit is met and then waited for. */
  readonly pace?: NangoPace | undefined;
  readonly log?: (entry: LogEntry) => void;
}

/** Sends through Nango's proxy, which adds the connection's base URL and credentials and changes what comes back. */
export function createNangoProxyHost({
  definition,
  integration,
  connectionId,
  pace,
  log = () => {},
  ...access
}: NangoProxyHostOptions): Host {
  const nango = createNangoClient(access, { raw: true });
  const place = { provider: definition.id, integration, connectionId };
  return {
    kind: 'nango-proxy',
    // A success with a content-length comes as 200 and with four headers, whatever the provider answered.
    providerHeaders: 'unreliable',
    async send({ operation, method, path, query, headers, body }) {
      await pace?.acquire(`${integration}/${connectionId}`);
      const response = await nango
        .proxy<string>({
          method,
          endpoint: query === undefined ? path : `${path}?${query}`,
          providerConfigKey: integration,
          connectionId,
          headers: { ...headers },
          // Nango would repeat a POST after a lost answer; the core decides what may be repeated.
          retries: 0,
          ...(body !== undefined && { data: dataOf(body, headers['content-type']) }),
        })
        .catch((error: unknown) => {
          const reason = failureCode(error);
          throw new TransportError(neverReached.has(reason) ? 'no' : 'maybe', reason);
        });
      const answer = { status: response.status, headers: textHeaders(response.headers), body: response.data ?? '' };
      try {
        return providerAnswer(answer, definition.operations[operation]?.read === true, place);
      } catch (error) {
        if (isTransportError(error) && error.waitMs !== undefined) pace?.pauseUntil(Date.now() + error.waitMs);
        throw error;
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

/** The provider's answer, once it is clear that it is not Nango's own. */
function providerAnswer(response: HttpResponse, isRead: boolean, place: NangoPlace): HttpResponse {
  if (response.status < 400) return response;
  // A connection that broke while Nango was reading comes as 500 without a body or its type.
  if (response.status === 500 && response.body === '' && response.headers['content-type'] === undefined) {
    throw new TransportError('maybe', 'the connection broke behind Nango');
  }
  const body = parse(response.body);
  if (!isObject(body)) return response;
  const { error, code, method: failedMethod } = body;
  // Failures between Nango and the provider have no `error` object.
  if (response.status === 500 && typeof code === 'string' && typeof failedMethod === 'string' && error === undefined) {
    throw new TransportError(neverReached.has(code) ? 'no' : 'maybe', `${code} behind Nango`);
  }
  const nangoCode = isObject(error) ? error['code'] : undefined;
  if (typeof nangoCode === 'string') refuse(nangoCode, response, isRead, place);
  return response;
}

function refuse(code: string, { status, headers }: HttpResponse, isRead: boolean, place: NangoPlace): void {
  const refusal = nangoRefusal({ status, code, headers }, place);
  if (refusal !== undefined) throw refusal;
  if (status !== 400 || (code !== 'base_url_override_not_allowed' && code !== 'invalid_headers')) return;
  // Nango follows redirects and refuses their target only after the first host has done its work.
  if (code === 'base_url_override_not_allowed' && !isRead) {
    throw new TransportError('maybe', 'Nango refuses the address the request leads to');
  }
  throw new CustomerSyncError('config', {
    message: 'Nango refuses the request',
    remedy: `Check the base URL of the integration "${place.integration}" in Nango, that Nango may send there (by default it sends to no private address), and the connection id.`,
    provider: place.provider,
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
