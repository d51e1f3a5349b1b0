import type { Host } from '../../src/core/http/host.js';

export interface VirtualClock extends Pick<Host, 'now' | 'sleep'> {
  /** Moves from one wake-up to the next until nobody sleeps any more. */
  run(): Promise<void>;
}

/** Time that passes only while everybody sleeps. Starts at 0. */
export function virtualClock(): VirtualClock {
  let time = 0;
  const sleepers: { at: number; wake: () => void }[] = [];
  return {
    now: () => time,
    sleep: (ms) => new Promise((wake) => sleepers.push({ at: time + ms, wake })),
    async run() {
      for (;;) {
        // Whatever is ready runs to its next sleep first.
        await new Promise((resolve) => setImmediate(resolve));
        if (sleepers.length === 0) return;
        sleepers.sort((a, b) => a.at - b.at);
        time = sleepers[0]?.at ?? time;
        while (sleepers[0] !== undefined && sleepers[0].at <= time) sleepers.shift()?.wake();
      }
    },
  };
}
