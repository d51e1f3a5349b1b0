import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKeyedLock } from '../../src/runner/keyed-lock.js';
import { virtualClock } from './virtual-clock.js';

describe('tasks', () => {
  it('that share a key run one after another, in the order they came', async () => {
    const clock = virtualClock();
    const lock = createKeyedLock();
    const log: string[] = [];
    const task = (name: string, ms: number) => () =>
      clock.sleep(ms).then(() => {
        log.push(`${name} at ${clock.now()}`);
      });
    const all = Promise.all([
      lock(['a'], task('first', 30)),
      lock(['a'], task('second', 10)),
      lock(['b'], task('other', 20)),
    ]);
    await clock.run();
    await all;
    expect(log).toEqual(['other at 20', 'first at 30', 'second at 40']);
  });

  it('wait for all of their keys', async () => {
    const clock = virtualClock();
    const lock = createKeyedLock();
    const ended: number[] = [];
    const task = (ms: number) => () => clock.sleep(ms).then(() => void ended.push(clock.now()));
    const all = Promise.all([
      lock(['a'], task(10)),
      lock(['b'], task(30)),
      lock(['a', 'b'], task(5)),
      lock(['a'], task(5)),
    ]);
    await clock.run();
    await all;
    expect(ended).toEqual([10, 30, 35, 40]);
  });

  it('hand their result on', async () => {
    expect(await createKeyedLock()(['a'], async () => 42)).toBe(42);
  });

  it('that fail tell it, and let the next one go', async () => {
    const lock = createKeyedLock();
    const failing = lock(['a'], () => Promise.reject(new Error('no')));
    const next = lock(['a'], async () => 'yes');
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('yes');
  });

  it('may name a key twice, or none', async () => {
    const lock = createKeyedLock();
    expect(await lock(['a', 'a'], async () => 1)).toBe(1);
    expect(await lock([], async () => 2)).toBe(2);
    expect(await lock(['a'], async () => 3)).toBe(3);
  });
});

it('never runs two tasks of one key at once, and never stands still, for any mixture of keys', async () => {
  const task = fc.record({
    at: fc.integer({ min: 0, max: 50 }),
    ms: fc.integer({ min: 0, max: 20 }),
    keys: fc.subarray(['a', 'b', 'c', 'd'], { minLength: 1 }),
    fails: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(task, { maxLength: 20 }), async (tasks) => {
      const clock = virtualClock();
      const lock = createKeyedLock();
      const held = new Set<string>();
      let done = 0;
      const work = tasks.map(async ({ at, ms, keys, fails }) => {
        await clock.sleep(at);
        await lock(keys, async () => {
          for (const key of keys) {
            expect(held.has(key)).toBe(false);
            held.add(key);
          }
          await clock.sleep(ms);
          for (const key of keys) held.delete(key);
          done += 1;
          if (fails) throw new Error('a failing task');
        }).catch((error: Error) => expect(error.message).toBe('a failing task'));
      });
      await clock.run();
      await Promise.all(work);
      expect(done).toBe(tasks.length);
    }),
  );
});
