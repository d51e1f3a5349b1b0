import { vi } from 'vitest';

/** A time limit of this length is one of ours. */
export const HANG_MS = 54_321;
/** The script counts its limit in so many steps of a second. */
const scriptSteps = 60;
const stepMs = 1_000;

/**
 * Time limits that end when a request is known to hang, and not before: a slow machine is no timeout, and nobody has to
 * wait for one.
 */
export interface TimeLimits {
  /** Takes the clocks of the hosts over, until mocks are restored. */
  takeOver(): void;
  /** The request under way hangs: its time is up. */
  expire(): void;
  /** The `setTimeout` of a script. Other waits pass a thousand times as fast. */
  scriptTimeout(work: () => void, ms: number): unknown;
  reset(): void;
}

export function createTimeLimits(): TimeLimits {
  const limits = new Set<() => void>();
  let stepsLeft = 0;
  return {
    takeOver() {
      const { setTimeout: realTimeout } = globalThis;
      vi.spyOn(globalThis, 'setTimeout').mockImplementation((work, ms, ...rest) => {
        if (ms !== HANG_MS) return realTimeout(work, ms, ...rest);
        limits.add(work);
        return realTimeout(() => {}, 0);
      });
      const realSignal = AbortSignal.timeout;
      vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
        if (ms !== HANG_MS) return realSignal.call(AbortSignal, ms);
        const limit = new AbortController();
        limits.add(() => limit.abort());
        return limit.signal;
      });
    },
    expire() {
      stepsLeft = scriptSteps;
      const due = [...limits];
      limits.clear();
      for (const end of due) end();
    },
    scriptTimeout(work, ms) {
      if (ms !== stepMs) return setTimeout(work, ms / 1_000);
      if (stepsLeft > 0) {
        stepsLeft -= 1;
        return setImmediate(work);
      }
      limits.add(work);
      // One wait before a repeat in a thousand is a second long too, and no request that hangs ever ends that one.
      return setTimeout(work, ms);
    },
    reset() {
      limits.clear();
      stepsLeft = 0;
    },
  };
}
