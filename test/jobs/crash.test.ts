import { expect, it } from 'vitest';
import { SUBJECTS } from '../core/upsert/flow.js';
import { survive } from './crash/chain.js';
import { crashSeed, textOf } from './crash/deaths.js';

it.concurrent.each(SUBJECTS)(
  'a job to $id is killed ten times and goes on where it was',
  { timeout: 120_000 },
  async (subject) => {
    const seed = crashSeed();
    const emulator = await subject.start();
    try {
      const died = await survive(subject, emulator, { seed, number: 2, kills: 10, customers: 120 });
      process.stdout.write(`crash seed ${seed}: ${subject.id} died ${died.map(textOf).join(', ')}\n`);
      expect(died).toHaveLength(10);
    } finally {
      await emulator.close();
    }
  },
);
