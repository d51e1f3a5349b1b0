import type { Operation, ProviderDefinition } from '../../../schemas/definition.js';
import { encodeForm } from './form.js';
import type { HttpRequest } from './host.js';
import { encodeSegment } from './path-segment.js';

export interface CallOptions {
  /** Values for `{name}` in the operation's path. */
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Sent where the provider supports it, which makes the request safe to repeat. */
  readonly idempotencyKey?: string;
}

/** Turns an operation of a definition into a request. */
export function buildRequest(
  { api }: ProviderDefinition,
  name: string,
  operation: Operation,
  { params = {}, query, body, idempotencyKey }: CallOptions,
): HttpRequest {
  const queryText = query === undefined ? '' : encodeForm(query);
  const headers: Record<string, string> = { accept: 'application/json', ...api.headers };
  if (body !== undefined) {
    headers['content-type'] = api.body === 'json' ? 'application/json' : 'application/x-www-form-urlencoded';
  }
  if (idempotencyKey !== undefined && api.idempotency_header !== undefined) {
    headers[api.idempotency_header] = idempotencyKey;
  }
  return {
    operation: name,
    method: operation.method,
    path: operation.path.replace(/\{(\w+)\}/g, (_, key: string) => encodeSegment(params[key] ?? '')),
    ...(queryText !== '' && { query: queryText }),
    headers,
    ...(body !== undefined && { body: api.body === 'json' ? JSON.stringify(body) : encodeForm(body) }),
  };
}
