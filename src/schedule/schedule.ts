import { Cron } from 'croner';
import { parseDuration } from './duration.js';

/** When a job runs. Times are epoch milliseconds. */
export interface Schedule {
  /** The first time after this one. */
  next(after: number): number;
}

export interface ScheduleFault {
  readonly field: 'schedule' | 'timezone';
  readonly message: string;
}

const minimumMs = 10_000;
const cronFields = 5;

/** What is wrong with a schedule, if anything. */
export function checkSchedule(text: string, timezone: string | undefined): ScheduleFault | undefined {
  const every = everyOf(text);
  if (every !== undefined) {
    if (every.ms === undefined)
      return { field: 'schedule', message: 'must be like "every 30s", "every 15m", "every 2h" or "every 1d"' };
    if (every.ms < minimumMs) return { field: 'schedule', message: 'must be at least "every 10s"' };
    if (timezone !== undefined)
      return { field: 'timezone', message: 'is for cron expressions; "every" counts from the last run' };
    return undefined;
  }
  if (timezone !== undefined && !isTimeZone(timezone))
    return { field: 'timezone', message: 'is not a time zone such as "Europe/Berlin"' };
  if (text.trim().split(/\s+/).length !== cronFields && !text.startsWith('@'))
    return {
      field: 'schedule',
      message: 'must be "every 15m", or a cron expression of five fields such as "0 3 * * *"',
    };
  try {
    const next = new Cron(text, { paused: true, timezone: timezone ?? 'UTC' }).nextRun();
    return next === null ? { field: 'schedule', message: 'names a time that never comes' } : undefined;
  } catch {
    return { field: 'schedule', message: 'is not a cron expression that can be read' };
  }
}

/** @param text has passed `checkSchedule`. */
export function parseSchedule(text: string, timezone: string | undefined): Schedule {
  const every = everyOf(text)?.ms;
  if (every !== undefined) return { next: (after) => after + every };
  const cron = new Cron(text, { paused: true, timezone: timezone ?? 'UTC' });
  return { next: (after) => cron.nextRun(new Date(after))?.getTime() ?? Number.POSITIVE_INFINITY };
}

/**
 * When a job is to run for the first time: at once when it never ran, or when a time passed since its last run, however
 * many did; else at the next one.
 * @param lastStart when its last run began; a time in the future is a clock that went back, and is taken for now.
 */
export function firstRun(schedule: Schedule, lastStart: number | undefined, now: number): number {
  if (lastStart === undefined) return now;
  return Math.max(now, schedule.next(Math.min(lastStart, now)));
}

function everyOf(text: string): { readonly ms: number | undefined } | undefined {
  const [, duration] = /^every\s+(.*)$/.exec(text.trim()) ?? [];
  return duration === undefined ? undefined : { ms: parseDuration(duration) };
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
