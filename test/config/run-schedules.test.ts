import { describe, expect, it } from 'vitest';
import { runSchedules, type ScheduledJob } from '../../src/schedule/run-schedules.js';
import { parseSchedule } from '../../src/schedule/schedule.js';

const minute = 60_000;
const start = Date.parse('2026-03-10T12:00:00Z');

/** Time that moves when everybody sleeps: to the end of the shortest sleep. */
function virtualTime() {
  let time = start;
  const sleepers: { at: number; wake: () => void }[] = [];
  return {
    now: () => time,
    /** A sleep lasts as long as it was to, whatever the clock is set to meanwhile. */
    set(to: number) {
      for (const sleeper of sleepers) sleeper.at += to - time;
      time = to;
    },
    sleep: (ms: number, signal: AbortSignal) =>
      new Promise<void>((wake) => {
        sleepers.push({ at: time + ms, wake });
        signal.addEventListener('abort', () => wake());
      }),
    async until(end: number) {
      for (;;) {
        // Whoever was woken has to come to its next sleep first.
        for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
        sleepers.sort((a, b) => a.at - b.at);
        const next = sleepers[0];
        if (next === undefined || next.at > end) return;
        sleepers.shift();
        time = Math.max(time, next.at);
        next.wake();
      }
    },
  };
}

function serve(jobs: readonly ScheduledJob[], durations: Readonly<Record<string, number>> = {}) {
  const time = virtualTime();
  const ending = new AbortController();
  const log: string[] = [];
  const note = (what: string, name: string) =>
    log.push(`${new Date(time.now()).toISOString().slice(11, 16)} ${name} ${what}`);
  const done = runSchedules(jobs, {
    now: time.now,
    sleep: time.sleep,
    signal: ending.signal,
    async run(name) {
      note('begins', name);
      const duration = durations[name];
      if (duration !== undefined) await time.sleep(duration, new AbortController().signal);
      note('ends', name);
    },
  });
  return { time, log, done, end: () => ending.abort() };
}

const job = (name: string, schedule: string, more: Partial<ScheduledJob> = {}): ScheduledJob => ({
  name,
  schedule: parseSchedule(schedule, undefined),
  lastStart: start,
  accounts: [],
  ...more,
});

describe('scheduled jobs', () => {
  it('run at their times', async () => {
    const { time, log, done, end } = serve([job('a', 'every 15m'), job('b', '0,30 * * * *')]);
    await time.until(start + 31 * minute);
    end();
    await done;
    expect(log.filter((line) => line.endsWith('begins'))).toEqual([
      '12:15 a begins',
      '12:30 a begins',
      '12:30 b begins',
    ]);
  });

  it('never overlap themselves, and times missed meanwhile count as one', async () => {
    const { time, log, end, done } = serve([job('slow', 'every 10m')], { slow: 35 * minute });
    await time.until(start + 85 * minute);
    expect(log).toEqual([
      '12:10 slow begins',
      '12:45 slow ends',
      '12:45 slow begins',
      '13:20 slow ends',
      '13:20 slow begins',
    ]);
    end();
    await time.until(start + 200 * minute);
    await done;
  });

  it('that share an account run one after another, others at once', async () => {
    const jobs = [
      job('a', '30 12 * * *', { accounts: ['lago'] }),
      job('b', '30 12 * * *', { accounts: ['lago', 'autumn'] }),
      job('c', '30 12 * * *', { accounts: ['recharge'] }),
    ];
    const { time, log, end, done } = serve(jobs, { a: 5 * minute, b: 5 * minute, c: 5 * minute });
    await time.until(start + 60 * minute);
    end();
    await done;
    expect(log.sort()).toEqual([
      '12:30 a begins',
      '12:30 c begins',
      '12:35 a ends',
      '12:35 b begins',
      '12:35 c ends',
      '12:40 b ends',
    ]);
  });

  it('catch up one run at the start', async () => {
    const { time, log, end, done } = serve([job('a', 'every 15m', { lastStart: start - 1000 * minute })]);
    await time.until(start + minute);
    end();
    await done;
    expect(log).toEqual(['12:00 a begins', '12:00 a ends']);
  });

  it('begin nothing more after the signal, and let a run that goes on end', async () => {
    const { time, log, end, done } = serve([job('a', 'every 10m'), job('b', 'every 12m')], { a: 5 * minute });
    await time.until(start + 11 * minute);
    end();
    await time.until(start + 60 * minute);
    await done;
    expect(log).toEqual(['12:10 a begins', '12:15 a ends']);
  });

  it('do not wait for hours when the clock goes back', async () => {
    const { time, log, end, done } = serve([job('a', '0 * * * *')]);
    await time.until(start + 30 * minute);
    time.set(start - 120 * minute);
    await time.until(start - 59 * minute);
    end();
    await done;
    expect(log).toContain('11:00 a begins');
  });
});
