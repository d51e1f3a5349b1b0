import type { ProviderDefinition } from '../../schemas/definition.js';
import type { Host } from '../core/http/host.js';
import { createLimiter, type Limiter } from '../core/run/limiter.js';

/** One limiter for each account, whatever the connections to it are called and however often they are opened. */
export function createAccountLimiters() {
  const limiters = new Map<string, Limiter>();

  return function limiterOf({ id, limits }: ProviderDefinition, account: string, host: Host): Limiter {
    const key = JSON.stringify([id, account]);
    const limiter = limiters.get(key) ?? createLimiter({ limits, share: 1, host });
    limiters.set(key, limiter);
    return limiter;
  };
}
