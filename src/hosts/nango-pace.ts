import type { Host } from '../core/http/host.js';
import { createLimiter } from '../core/run/limiter.js';

/** Keeps all connections of one Nango environment to its limit of requests, and serves them in turn. */
export interface NangoPace {
  /** Nango's limit. */
  readonly limit: number;
  /** What is used of it, when it lasts. */
  readonly requestsPerSecond: number;
  /** Resolves when a request for this connection may go out. */
  acquire(connection: string): Promise<void>;
  /** Nothing more goes out before this time, epoch milliseconds. */
  pauseUntil(time: number): void;
}

/** The company's own application uses the same environment. */
const ourShare = 0.5;

interface NangoPaceParts {
  /** Nango's limit of requests a minute: 200 by default, 1,000 and 2,000 in its larger plans. */
  readonly limit: number;
  readonly host: Pick<Host, 'now' | 'sleep'>;
}

/**
 * Nango counts in windows of a minute that begin with the first request. A tenth of the limit may go at once and the
 * rest evenly, so that no window can hold more than the limit, wherever it begins.
 */
export function createNangoPace({ limit, host }: NangoPaceParts): NangoPace {
  const ours = limit * ourShare;
  const requestsPerSecond = (ours * 0.9) / 60;
  const limiter = createLimiter({
    limits: [
      {
        documented: `${limit} requests a minute`,
        requests_per_second: requestsPerSecond,
        burst: Math.max(1, Math.floor(ours * 0.1)),
      },
    ],
    share: 1,
    host,
  });
  /** Who waits, by connection. The connections stand in the order in which it is their turn. */
  const waiting = new Map<string, (() => void)[]>();
  let isServing = false;

  /** Everybody in turn: who asks for a thousand at once delays the others by one. */
  async function serve(): Promise<void> {
    if (isServing) return;
    isServing = true;
    while (waiting.size > 0) {
      await limiter.acquire('request');
      const [turn] = waiting;
      if (turn === undefined) break;
      const [connection, [go, ...others]] = turn;
      waiting.delete(connection);
      if (others.length > 0) waiting.set(connection, others);
      go?.();
    }
    isServing = false;
  }

  return {
    limit,
    requestsPerSecond,
    acquire(connection) {
      return new Promise((resolve, reject) => {
        waiting.set(connection, [...(waiting.get(connection) ?? []), resolve]);
        serve().catch(reject);
      });
    },
    pauseUntil: limiter.pauseUntil,
  };
}
