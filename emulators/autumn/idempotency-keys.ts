import type { Environment } from './keys.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** The keys seen in the last day, apart for each environment. Neither path nor body is part of the key. */
export class IdempotencyKeys {
  readonly #now: () => number;
  readonly #expiries = new Map<string, number>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** False when another request holds the key. */
  claim(environment: Environment, key: string): boolean {
    const name = `${environment}:${key}`;
    const expiry = this.#expiries.get(name);
    if (expiry !== undefined && this.#now() <= expiry) return false;
    this.#expiries.set(name, this.#now() + DAY_MS);
    return true;
  }

  release(environment: Environment, key: string): void {
    this.#expiries.delete(`${environment}:${key}`);
  }

  clear(): void {
    this.#expiries.clear();
  }
}
