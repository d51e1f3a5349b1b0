import { createHash, randomUUID } from 'node:crypto';
import type { z } from 'zod-nango-runtime';

/** An answer of Nango, before the headers that all answers share. */
export interface Answer {
  readonly status: number;
  /** Lower-case names. They win over the shared ones. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** A stream is sent as it comes; anything else gets a length and, unless `etag` is false, an ETag. */
  readonly body: Uint8Array | string | ReadableStream<Uint8Array>;
  readonly etag?: boolean;
}

export function json(status: number, value: unknown, headers: Answer['headers'] = {}): Answer {
  return {
    status,
    headers: { ...headers, 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(value),
  };
}

export function empty(status: number, headers: Answer['headers'] = {}): Answer {
  return { status, headers, body: '', etag: false };
}

/** `{"error": {"code", "message"}}`, the form of most refusals. */
export function problem(status: number, code: string, message?: string): Answer {
  return json(status, { error: { code, ...(message !== undefined && { message }) } });
}

/** The older form, whose error has a payload. */
export function problemWithPayload(status: number, code: string, message: string, payload: unknown = {}): Answer {
  return json(status, { error: { message, code, payload } });
}

/** What zod says of a request's headers, query, path or body. */
export function invalid(
  code: 'invalid_headers' | 'invalid_query_params' | 'invalid_uri_params' | 'invalid_body',
  error: z.ZodError,
): Answer {
  const errors = error.issues.map(({ code: issue, message, path }) => ({ code: issue, message, path }));
  return json(400, { error: { code, errors } });
}

/** What Nango answers to what it did not expect, unknown paths among them. */
export function unexpected(): Answer {
  const id = randomUUID();
  const message = `An error occurred. Please contact support with this unique id: "${id}"`;
  return problemWithPayload(500, 'generic_error_support', message, id);
}

const sharedHeaders = {
  'x-xss-protection': '0',
  'x-content-type-options': 'nosniff',
  'x-download-options': 'noopen',
  'x-frame-options': 'SAMEORIGIN',
  'x-dns-prefetch-control': 'off',
  'referrer-policy': 'strict-origin',
  'strict-transport-security': 'max-age=5184000; includeSubDomains',
  'content-security-policy': "default-src 'self'",
};

/** For browsers; `/health` and unreadable bodies are answered without. */
export const corsHeaders = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers':
    'Authorization, Etag, Content-Type, Content-Length, X-Nango-Signature, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset',
};

/** Answers to a request as Express does: with a weak ETag, and 304 to whoever already holds the body. */
export function toResponse(answer: Answer, request: Request, more: Answer['headers']): Response {
  const headers = new Headers();
  for (const [name, value] of Object.entries({ ...sharedHeaders, ...more, ...answer.headers })) {
    for (const item of typeof value === 'string' ? [value] : value) headers.append(name, item);
  }
  const { status, body } = answer;
  if (body instanceof ReadableStream) return new Response(body, { status, headers });
  if (status === 204) return new Response(null, { status, headers });

  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  headers.set('content-length', String(bytes.byteLength));
  if (answer.etag !== false && !headers.has('etag')) headers.set('etag', etagOf(bytes));
  if (status === 304 || isFresh(status, request, headers)) return notModified(headers);
  // An empty body, other than none, would be given a content type on the way out.
  return new Response(bytes.byteLength === 0 ? null : Uint8Array.from(bytes), { status, headers });
}

function etagOf(bytes: Uint8Array): string {
  const hash = createHash('sha1').update(bytes).digest('base64').slice(0, 27);
  return `W/"${bytes.byteLength.toString(16)}-${hash}"`;
}

function isFresh(status: number, { method, headers: asked }: Request, headers: Headers): boolean {
  if (status > 299 || (method !== 'GET' && method !== 'HEAD')) return false;
  const held = asked.get('if-none-match');
  return held !== null && held === headers.get('etag');
}

function notModified(headers: Headers): Response {
  for (const name of ['content-type', 'content-length', 'transfer-encoding']) headers.delete(name);
  return new Response(null, { status: 304, headers });
}
