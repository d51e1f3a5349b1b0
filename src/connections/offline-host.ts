import type { Host } from '../core/http/host.js';

/** For planning without a network: anything sent is a fault of the program. */
export const offlineHost: Host = {
  kind: 'local',
  providerHeaders: 'full',
  send: () => Promise.reject(new RangeError('an offline run tried to send a request')),
  now: Date.now,
  sleep: () => Promise.resolve(),
  random: Math.random,
  log: () => {},
};
