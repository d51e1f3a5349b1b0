import { type Host, type HttpResponse, TransportError } from '../core/http/host.js';
import { textHeaders } from '../core/http/text-headers.js';
import { isObject } from '../core/mapping/path.js';
import type { ScriptRuntime } from './runtime.js';

/** Nango's runtime has no timeout of its own; a request without an answer after this long is given up. */
const timeoutMs = 60_000;

/** Failures on the way to the provider; after these it has certainly not read the request. */
const neverSent: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

interface RuntimeHostOptions {
  /** Nothing leaves after this, epoch milliseconds: the script is about to be ended. */
  readonly sendUntil?: number | undefined;
}

/** Sends through the `nango` object of a script, which adds the connection's base URL and credentials. */
export function createRuntimeHost(
  nango: Pick<ScriptRuntime, 'proxy' | 'log'>,
  { sendUntil = Number.POSITIVE_INFINITY }: RuntimeHostOptions = {},
): Host {
  const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
  return {
    kind: 'nango-runtime',
    // Inside a script the provider's own status and headers are visible, other than through Nango's proxy.
    providerHeaders: 'full',
    async send({ method, path, query, headers, body }) {
      if (Date.now() >= sendUntil) throw new TransportError('no', 'the time for this action is over');
      let isDone = false;
      const sent = nango.proxy({
        method,
        endpoint: query === undefined ? path : `${path}?${query}`,
        headers: { ...headers },
        // Nango would repeat a POST after a lost answer; the core decides what may be repeated.
        retries: 0,
        ...(body !== undefined && { data: dataOf(body, headers['content-type']) }),
      });
      // The sandbox cannot cancel a timer, so the wait is cut into short ones that end with the request.
      const late = async (): Promise<never> => {
        for (let waited = 0; waited < timeoutMs && !isDone; waited += 1000) await sleep(1000);
        throw new TransportError('maybe', 'timeout');
      };
      try {
        return await Promise.race([sent.then(responseOf, answerOf), late()]);
      } finally {
        isDone = true;
      }
    },
    now: Date.now,
    sleep,
    random: Math.random,
    async log({ level, event, provider, operation, attempt, reason, waitMs }) {
      const parts = [
        `${provider}: ${event} of ${operation}`,
        ...(attempt === undefined ? [] : [`attempt ${attempt}`]),
        ...(reason === undefined ? [] : [reason]),
        ...(waitMs === undefined ? [] : [`waiting ${waitMs} ms`]),
      ];
      await nango.log(parts.join(', '), { level });
    },
  };
}

/** Nango writes JSON itself: text would arrive as `{"<the text>": ""}`. */
function dataOf(body: string, contentType: string | undefined): unknown {
  return contentType === 'application/json' ? JSON.parse(body) : body;
}

function responseOf({ status, headers, data }: { status: number; headers: object; data: unknown }): HttpResponse {
  return { status, headers: textHeaders(headers), body: data };
}

/** A status above 299 comes as an error with the answer in it. Judged by shape: the error is from another realm. */
function answerOf(error: unknown): HttpResponse {
  const response = isObject(error) ? error['response'] : undefined;
  if (isObject(response) && typeof response['status'] === 'number') {
    const headers = isObject(response['headers']) ? response['headers'] : {};
    return { status: response['status'], headers: textHeaders(headers), body: response['data'] };
  }
  const code = isObject(error) && typeof error['code'] === 'string' ? error['code'] : 'unknown';
  throw new TransportError(neverSent.has(code) ? 'no' : 'maybe', code);
}
