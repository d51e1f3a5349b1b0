import axios from 'axios';
import { UpstreamError } from './upstream-error.js';

export interface RetryRules {
  readonly retries: number;
  /** Statuses retried beside 401, 429 and those of 500 and above. */
  readonly retryOn?: readonly number[] | undefined;
}

const firstWaitMs = 3_000;
const longestWaitMs = 600_000;

const networkFailures: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'ETIMEDOUT',
  'ECONNABORTED',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'EAI_AGAIN',
  'UND_ERR_SOCKET',
]);

/**
 * Repeats a call after 3 s, 6 s, 12 s and so on, whatever its method. A `retry-after` of the provider is not looked at:
 * a recorded server waited 3 s where it was told 6 s, through the proxy and in actions.
 * @throws what the last attempt threw; Error at once when `retries` is below zero.
 */
export async function withRetries<Result>(
  call: () => Promise<Result>,
  { retries, retryOn = [] }: RetryRules,
  sleep: (ms: number) => Promise<void>,
): Promise<Result> {
  for (let attempt = 0; attempt <= retries; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (attempt === retries || !isRetried(error, retryOn)) throw error;
      await sleep(Math.min(firstWaitMs * 2 ** attempt, longestWaitMs));
    }
  }
  throw new Error('no attempt was allowed');
}

function isRetried(error: unknown, retryOn: readonly number[]): boolean {
  if (axios.isAxiosError(error) && error.code !== undefined && networkFailures.has(error.code)) return true;
  const status = statusOf(error);
  return status !== undefined && (status >= 500 || status === 429 || status === 401 || retryOn.includes(status));
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof UpstreamError) return error.status;
  return axios.isAxiosError(error) ? error.response?.status : undefined;
}
