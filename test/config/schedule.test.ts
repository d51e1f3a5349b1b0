import { describe, expect, it } from 'vitest';
import { checkSchedule, firstRun, parseSchedule } from '../../src/schedule/schedule.js';

const time = (iso: string) => Date.parse(iso);

describe('a schedule', () => {
  it.each([
    ['every 15m', undefined, '2026-03-01T10:00:00Z', '2026-03-01T10:15:00.000Z'],
    ['0 3 * * *', undefined, '2026-03-01T10:00:00Z', '2026-03-02T03:00:00.000Z'],
    ['0 3 * * *', 'Europe/Berlin', '2026-03-01T10:00:00Z', '2026-03-02T02:00:00.000Z'],
    ['0 3 * * *', '+05:30', '2026-03-01T10:00:00Z', '2026-03-01T21:30:00.000Z'],
    // The clock goes from 2 to 3 in that night, and the job runs all the same.
    ['30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z', '2026-03-29T01:00:00.000Z'],
    ['0 9 * * 1-5', 'America/New_York', '2026-07-03T14:00:00Z', '2026-07-06T13:00:00.000Z'],
  ])('%s in %s comes after %s at %s', (text, timezone, after, expected) => {
    expect(checkSchedule(text, timezone)).toBeUndefined();
    expect(new Date(parseSchedule(text, timezone).next(time(after))).toISOString()).toBe(expected);
  });

  it.each([
    ['every 5s', undefined, 'schedule', 'must be at least "every 10s"'],
    ['every now and then', undefined, 'schedule', 'must be like "every 30s"'],
    ['every 15m', 'Europe/Berlin', 'timezone', 'is for cron expressions'],
    ['0 3 * * *', 'UTC+1', 'timezone', 'is not a time zone'],
    ['0 3 * * *', '+25:00', 'timezone', 'is not a time zone'],
    ['* * * * * *', undefined, 'schedule', 'a cron expression of five fields'],
    ['0 0 31 2 *', undefined, 'schedule', 'names a time that never comes'],
    ['0 25 * * *', undefined, 'schedule', 'is not a cron expression'],
  ])('%s in %s is refused for its %s: %s', (text, timezone, field, message) => {
    expect(checkSchedule(text, timezone)).toEqual({ field, message: expect.stringContaining(message) });
  });
});

describe('the first run after a start', () => {
  const daily = parseSchedule('0 3 * * *', undefined);
  const now = time('2026-03-10T12:00:00Z');

  it.each([
    ['is at once for a job that never ran', undefined, '2026-03-10T12:00:00.000Z'],
    ['is at once when one time was missed', '2026-03-09T03:00:00Z', '2026-03-10T12:00:00.000Z'],
    ['is one, however many times were missed', '2026-03-01T03:00:00Z', '2026-03-10T12:00:00.000Z'],
    ['waits for its time when none was missed', '2026-03-10T03:00:01Z', '2026-03-11T03:00:00.000Z'],
    ['waits for its time when the clock went back', '2026-04-01T03:00:00Z', '2026-03-11T03:00:00.000Z'],
  ])('%s', (_, last, expected) => {
    const lastStart = last === undefined ? undefined : time(last);
    expect(new Date(firstRun(daily, lastStart, now)).toISOString()).toBe(expected);
  });
});
