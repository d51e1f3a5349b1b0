import { createKeyedLock } from '../runner/keyed-lock.js';
import { firstRun, type Schedule } from './schedule.js';

export interface ScheduledJob {
  readonly name: string;
  readonly schedule: Schedule;
  /** When its last run began, epoch milliseconds. */
  readonly lastStart: number | undefined;
  /** Jobs that share one of these run one after another, since they share its rate limit. */
  readonly accounts: readonly string[];
}

export interface ScheduleOptions {
  /** Must not fail. */
  run(name: string): Promise<void>;
  /** Told when a job will run next. */
  onNext?(name: string, at: number): void;
  readonly now: () => number;
  /** Resolves after the time, or as soon as the signal is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Ends all of it, once the runs that go on have ended. */
  readonly signal: AbortSignal;
}

/** A machine that slept, or a clock that was set, is noticed within this time. */
const maxSleepMs = 30_000;

/** Runs every job at its times until the signal. A job never overlaps itself; times missed meanwhile count as one. */
export async function runSchedules(jobs: readonly ScheduledJob[], options: ScheduleOptions): Promise<void> {
  const lock = createKeyedLock();
  await Promise.all(jobs.map((job) => runSchedule(job, options, lock)));
}

async function runSchedule(
  { name, schedule, lastStart, accounts }: ScheduledJob,
  { run, onNext, now, sleep, signal }: ScheduleOptions,
  lock: ReturnType<typeof createKeyedLock>,
): Promise<void> {
  let at = firstRun(schedule, lastStart, now());
  onNext?.(name, at);
  while (!signal.aborted) {
    const before = now();
    if (before < at) {
      await sleep(Math.min(at - before, maxSleepMs), signal);
      // After a clock went back, the time that was waited for may be far away.
      if (now() < before) at = Math.min(at, schedule.next(now()));
      continue;
    }
    const startedAt = await lock(accounts, async () => {
      const start = now();
      if (!signal.aborted) await run(name);
      return start;
    });
    at = firstRun(schedule, startedAt, now());
    if (!signal.aborted) onNext?.(name, at);
  }
}
