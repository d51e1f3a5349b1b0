import type { Host } from '../core/http/host.js';

/** For a connection that sends nothing itself: anything sent is a fault of the program. */
export function mutedHost(who: string): Host {
  return {
    kind: 'local',
    providerHeaders: 'full',
    send: () => Promise.reject(new RangeError(`${who} tried to send a request`)),
    now: Date.now,
    sleep: () => Promise.resolve(),
    random: Math.random,
    log: () => {},
  };
}
