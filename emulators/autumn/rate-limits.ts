import { type ApiVersion, isAtMost } from './api-version.js';

export interface Limit {
  readonly name: string;
  readonly requests: number;
  readonly windowMs: number;
  /** Counted per customer, under the organisation's cap, instead of per organisation. */
  readonly perCustomer: boolean;
}

export interface Hit {
  readonly limit: Limit;
  readonly remaining: number;
  readonly resetSeconds: number;
  readonly exceeded: boolean;
}

interface Window {
  used: number;
  readonly endsAt: number;
}

/** Update, delete and every path that is not named elsewhere, unknown ones included. */
const GENERAL: Limit = { name: 'general', requests: 25, windowMs: 1000, perCustomer: false };
const LIST: Limit = { name: 'list', requests: 5, windowMs: 1000, perCustomer: false };
const CURSOR_LIST: Limit = { name: 'cursor_list', requests: 50, windowMs: 1000, perCustomer: false };
const CHECK: Limit = { name: 'check', requests: 10_000, windowMs: 1000, perCustomer: true };
/** Over all customers of an organisation; stands before `CHECK`. */
export const ORGANISATION_CAP: Limit = {
  name: 'organisation_cap',
  requests: 240_000,
  windowMs: 60_000,
  perCustomer: false,
};

const CHECK_ROUTES = new Set(['POST /v1/customers', 'POST /v1/customers.get', 'POST /v1/customers.get_or_create']);
const LIST_ROUTES = new Set(['GET /v1/customers', 'POST /v1/customers/list', 'POST /v1/customers.list']);

export function limitOf(method: string, path: string, version: ApiVersion): Limit {
  const route = `${method} ${path}`;
  if (CHECK_ROUTES.has(route) || /^GET \/v1\/customers\/[^/]+$/.test(route)) return CHECK;
  if (LIST_ROUTES.has(route)) return isAtMost(version, '2.2.0') ? LIST : CURSOR_LIST;
  return GENERAL;
}

/** Fixed windows, each starting at the first request that falls into it. */
export class RateWindows {
  readonly #now: () => number;
  readonly #windows = new Map<string, Window>();
  #sweepAt = 1000;

  constructor(now: () => number) {
    this.#now = now;
  }

  hit(key: string, limit: Limit): Hit {
    const now = this.#now();
    const window = this.#current(key, limit, now);
    window.used += 1;
    return {
      limit,
      remaining: Math.max(0, limit.requests - window.used),
      resetSeconds: Math.ceil((window.endsAt - now) / 1000),
      exceeded: window.used > limit.requests,
    };
  }

  /** Starts a new window in which `used` requests are already counted. */
  preset(key: string, limit: Limit, used: number): void {
    this.#windows.set(key, { used, endsAt: this.#now() + limit.windowMs });
  }

  clear(): void {
    this.#windows.clear();
  }

  #current(key: string, limit: Limit, now: number): Window {
    const open = this.#windows.get(key);
    if (open !== undefined && now < open.endsAt) return open;
    this.#sweep(now);
    const window = { used: 0, endsAt: now + limit.windowMs };
    this.#windows.set(key, window);
    return window;
  }

  /** One window per customer adds up; the ended ones go each time the number has doubled. */
  #sweep(now: number): void {
    if (this.#windows.size < this.#sweepAt) return;
    for (const [key, window] of this.#windows) if (window.endsAt <= now) this.#windows.delete(key);
    this.#sweepAt = Math.max(1000, this.#windows.size * 2);
  }
}
