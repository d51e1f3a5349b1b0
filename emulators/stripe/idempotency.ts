import { keyInUse, otherParameters, StripeError } from './errors.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** What a request was answered with. */
export interface Result {
  readonly status: 200;
  readonly body: unknown;
}

interface Remembered {
  readonly request: string;
  readonly result: Result;
  readonly at: number;
}

/**
 * Results by idempotency key, for a day. What is refused before the work begins is not remembered, so that it can be
 * sent again in another form. Unlike Stripe's, a failure of the server (an injected fault) is not remembered either.
 */
export class IdempotencyStore {
  readonly #now: () => number;
  readonly #results = new Map<string, Remembered>();
  readonly #held = new Map<string, number>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Makes the next requests with this key meet another one that is being carried out. */
  hold(key: string, times: number): void {
    this.#held.set(key, times);
  }

  /** @throws StripeError where the key was used for another request, or is in use. */
  run(key: string | undefined, request: string, work: () => Result): Result & { readonly isReplay: boolean } {
    if (key === undefined) return { ...work(), isReplay: false };
    if (key.length > 255) throw new StripeError(400, { message: 'Idempotency keys may have up to 255 characters.' });
    const held = this.#held.get(key) ?? 0;
    if (held > 0) {
      this.#held.set(key, held - 1);
      throw keyInUse(key);
    }
    const known = this.#results.get(key);
    if (known !== undefined && this.#now() - known.at < DAY_MS) {
      if (known.request !== request) throw otherParameters(key);
      return { ...known.result, isReplay: true };
    }
    const result = work();
    this.#results.set(key, { request, result, at: this.#now() });
    return { ...result, isReplay: false };
  }

  clear(): void {
    this.#results.clear();
    this.#held.clear();
  }
}
