import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulators/server.js';
import { SUBJECTS } from '../core/upsert/flow.js';
import { survive } from './crash/chain.js';
import { crashSeed, type Death, ledgerSteps, textOf } from './crash/deaths.js';

const chains = 10;
const kills = 20;
/** A job whose every request may be sent twice has nothing to write down before it sends. */
const withoutIntents = ['autumn', 'stripe'];

describe.each(SUBJECTS)('a job to $id', (subject) => {
  const died: Death[] = [];
  let emulator: Emulator<object>;
  beforeAll(async () => {
    emulator = await subject.start();
  });
  afterAll(() => emulator.close());

  it.each(Array.from({ length: chains }, (_, number) => number))(
    `over 2,000 customers goes on where it was after each of ${kills} kills: chain %i`,
    async (number) => {
      const seed = crashSeed();
      const startedAt = performance.now();
      const inChain = await survive(subject, emulator, { seed, number, kills, customers: 2_000 });
      const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0);
      const how = inChain.map(textOf).join(', ');
      process.stdout.write(`crash seed ${seed}, ${subject.id}, chain ${number}, ${seconds} s: died ${how}\n`);
      expect(inChain).toHaveLength(kills);
      died.push(...inChain);
    },
  );

  it('has been killed before and after every step of the ledger', () => {
    const steps = new Set(died.flatMap((death) => ('step' in death ? [`${death.side} ${death.step}`] : [])));
    const expected = ledgerSteps.filter(
      (step) => !withoutIntents.includes(subject.id) || (step !== 'intend' && step !== 'settleIntent'),
    );
    expect([...steps].sort()).toEqual(expected.flatMap((step) => [`after ${step}`, `before ${step}`]).sort());
    expect(died).toHaveLength(chains * kills);
  });
});
