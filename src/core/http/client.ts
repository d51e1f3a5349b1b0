import type { ProviderDefinition } from '../../../schemas/definition.js';
import { CustomerSyncError } from '../errors.js';
import { buildRequest, type CallOptions } from './build-request.js';
import { classify, type Verdict } from './classify.js';
import { type Host, type HttpRequest, type HttpResponse, isTransportError } from './host.js';
import { isNestedTooDeep } from './nesting.js';
import { ProviderError } from './provider-error.js';
import { defaultRetryPolicy, nextDelay, type RetryPolicy } from './retry.js';
import { safeMessage } from './safe-message.js';
import { waitTime } from './wait-time.js';

export interface WriteOptions extends CallOptions {
  /** Whether this very body can be sent twice with the effect of once. Decides whether a lost answer is retried. */
  readonly replaySafe: boolean;
  /** Called where the answer is that of an earlier request with the same key, which was not a part of this call. */
  readonly onReplay?: () => void;
}

/**
 * One provider account, as a connector sees it. Answers are parsed JSON.
 * @throws ProviderError for an answer that is not a success; CustomerSyncError `unavailable` when nothing came of the
 * request, `uncertain` when a write may have been carried out.
 */
export interface Client {
  read(operation: string, options?: CallOptions): Promise<unknown>;
  write(operation: string, options: WriteOptions): Promise<unknown>;
}

interface ClientParts {
  readonly host: Host;
  readonly definition: ProviderDefinition;
  readonly retry?: RetryPolicy;
}

/** The one place that waits and retries. */
export function createClient({ host, definition, retry = defaultRetryPolicy }: ClientParts): Client {
  async function call(name: string, options: WriteOptions): Promise<unknown> {
    const operation = definition.operations[name];
    if (operation === undefined) throw new RangeError(`${definition.id} declares no operation "${name}"`);
    const request = buildRequest(definition, name, operation, options);
    let waitedMs = 0;
    let maybeApplied = false;
    let retriedAuth = false;

    for (let attempt = 1; ; attempt += 1) {
      const result = await attemptOnce(request);
      if (result.kind === 'success') {
        if (result.isReplay && !maybeApplied) options.onReplay?.();
        return result.body;
      }
      maybeApplied ||= !operation.read && result.maybeApplied;

      // One stray 401 of a gateway must not stop a run of thousands, and the request was not carried out.
      const retryAuth: boolean = result.is === 'auth' && !retriedAuth;
      retriedAuth ||= retryAuth;
      const passes = isPassing(result.is) && (options.replaySafe || !result.maybeApplied);
      const delay =
        retryAuth || passes
          ? nextDelay(retry, {
              attempt,
              waitedMs,
              waitMs: result.waitMs,
              random: host.random(),
            })
          : undefined;
      if (delay === undefined) throw givenUp(name, result, maybeApplied);
      await host.log({
        level: 'warn',
        event: 'retry',
        provider: definition.id,
        operation: name,
        attempt,
        reason: result.reason,
        waitMs: delay,
      });
      waitedMs += delay;
      await host.sleep(delay);
    }
  }

  async function attemptOnce(request: HttpRequest): Promise<AttemptResult> {
    let response: HttpResponse;
    try {
      response = await host.send(request);
    } catch (error) {
      if (!isTransportError(error)) throw error;
      const { reason, sent, waitMs } = error;
      return {
        kind: 'failure',
        is: waitMs === undefined ? 'unavailable' : 'rate_limited',
        reason,
        maybeApplied: sent === 'maybe',
        waitMs,
      };
    }
    const body = parseBody(response);
    if (response.status >= 200 && response.status < 300) {
      refuseOtherVersion(definition, host, response);
      if (body !== undefined) return { kind: 'success', body, isReplay: isReplay(definition, response) };
      // Empty, cut off or not JSON: the work was done, but what was stored is not known.
      const reason = `${response.status} without a readable body`;
      return { kind: 'failure', is: 'unavailable', reason, maybeApplied: true, waitMs: undefined };
    }
    const verdict = classify(definition, request, response, body ?? response.body);
    return {
      kind: 'failure',
      is: verdict.is,
      reason: String(response.status),
      maybeApplied: verdict.is === 'unavailable',
      waitMs: waitTime(response.headers, definition.wait_headers, host.now()) ?? usualWait(definition, verdict),
      verdict,
    };
  }

  function givenUp(
    operation: string,
    { is, verdict, reason }: FailedAttempt,
    maybeApplied: boolean,
  ): CustomerSyncError {
    const about = { provider: definition.id, status: verdict?.status };
    if (maybeApplied) {
      return new CustomerSyncError('uncertain', {
        ...about,
        message: `${definition.name} gave no usable answer to ${operation} (${reason}); the write may or may not be there`,
        remedy: 'Run again: the customer is read first, so nothing is written twice.',
      });
    }
    if (verdict !== undefined) return new ProviderError(definition, operation, verdict);
    return new CustomerSyncError(is === 'rate_limited' ? is : 'unavailable', {
      ...about,
      message: `${definition.name} gave no usable answer to ${operation} (${reason})`,
      remedy: `Check the network and the base URL (${definition.api.base_url_env}), then run again.`,
    });
  }

  return {
    read: (operation, options = {}) => call(operation, { ...options, replaySafe: true }),
    write: call,
  };
}

interface FailedAttempt {
  readonly kind: 'failure';
  readonly is: Verdict['is'];
  readonly reason: string;
  readonly maybeApplied: boolean;
  readonly waitMs: number | undefined;
  readonly verdict?: Verdict;
}

type AttemptResult = { readonly kind: 'success'; readonly body: unknown; readonly isReplay: boolean } | FailedAttempt;

function isReplay({ api }: ProviderDefinition, { headers }: HttpResponse): boolean {
  return api.replay_header !== undefined && headers[api.replay_header] === 'true';
}

/** How long to wait where an answer does not say it. */
function usualWait({ wait_after_429_ms: wait }: ProviderDefinition, { status }: Verdict): number | undefined {
  return status === 429 ? wait : undefined;
}

function isPassing(is: Verdict['is']): boolean {
  return is === 'unavailable' || is === 'rate_limited' || is === 'busy';
}

/** Parsed JSON, or `undefined` when there is none. A 204 has nothing to say and counts as an empty object. */
function parseBody({ status, body }: HttpResponse): unknown {
  if (status === 204) return {};
  if (typeof body !== 'string') return body ?? undefined;
  if (isNestedTooDeep(body)) return undefined;
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** An answer of another API version has another shape; what it says must not be believed. */
function refuseOtherVersion({ id, name, api }: ProviderDefinition, host: Host, { headers }: HttpResponse): void {
  const { version_echo: echo } = api;
  const applied = echo === undefined ? undefined : headers[echo.header];
  if (echo === undefined || host.providerHeaders === 'unreliable' || applied === undefined || applied === echo.value)
    return;
  throw new CustomerSyncError('protocol', {
    message: `${name} applied API version ${safeMessage(applied, [])}, this connector speaks ${echo.value}`,
    remedy: `Check that nothing between here and ${name} removes or changes the ${echo.header} header.`,
    provider: id,
  });
}
