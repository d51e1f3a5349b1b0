import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulators/server.js';
import { SUBJECTS } from '../core/upsert/flow.js';
import { survive } from './crash/scenario.js';

/** Kills of each provider's job. */
const kills = 200;
/** Of these, over a large source. */
const largeKills = 10;

/** Numbers that are the same in every run (a linear congruential generator). */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe.each(SUBJECTS)('a job to $id, killed again and again', (subject) => {
  let emulator: Emulator<object>;

  beforeAll(async () => {
    emulator = await subject.start();
  });
  afterAll(() => emulator.close());

  it(`survives ${kills} kills: at every step of the ledger, at random requests, and over 2,000 customers`, async () => {
    const random = createRandom(20_261_121);
    let killed = 0;
    for (let step = 1; ; step += 1) {
      const crash = { death: { step }, customers: 12, latencyMs: 3, faultAfter: random(12) };
      if (!(await survive(subject, emulator, crash))) break;
      killed += 1;
    }
    expect(killed).toBeGreaterThan(20);
    while (killed < kills - largeKills) {
      const death = { request: 1 + random(60) };
      const crash = { death, customers: 60, latencyMs: random(12), faultAfter: random(40) };
      if (await survive(subject, emulator, crash)) killed += 1;
    }
    while (killed < kills) {
      const death = { request: 1 + random(1_500) };
      const crash = { death, customers: 2_000, latencyMs: 1, faultAfter: random(1_000) };
      if (await survive(subject, emulator, crash)) killed += 1;
    }
    expect(killed).toBe(kills);
  });
});
