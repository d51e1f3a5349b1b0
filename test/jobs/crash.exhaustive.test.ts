import { expect, it } from 'vitest';
import { SUBJECTS } from '../core/upsert/flow.js';
import { survive } from './crash/chain.js';
import { crashSeed, type Death, type LedgerStep, ledgerSteps, textOf } from './crash/deaths.js';

const chains = 10;
const kills = 20;
/** A job whose every request may be sent twice has nothing to write down before it sends. */
const withoutIntents = ['autumn', 'stripe'];
const ofIntents: readonly LedgerStep[] = ['intend', 'settleIntent'];

it.concurrent.each(SUBJECTS)(
  `a job to $id over 2,000 customers goes on where it was after each of ${chains * kills} kills, at every step of its ledger`,
  { timeout: 3_600_000 },
  async (subject) => {
    const seed = crashSeed();
    const emulator = await subject.start();
    const died: Death[] = [];
    try {
      for (let number = 0; number < chains; number += 1) {
        const startedAt = performance.now();
        const inChain = await survive(subject, emulator, { seed, number, kills, customers: 2_000 });
        const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0);
        const how = inChain.map(textOf).join(', ');
        process.stdout.write(`crash seed ${seed}, ${subject.id}, chain ${number}, ${seconds} s: died ${how}\n`);
        died.push(...inChain);
      }
    } finally {
      await emulator.close();
    }
    expect(died).toHaveLength(chains * kills);
    const hasIntents = !withoutIntents.includes(subject.id);
    const steps = ledgerSteps.filter((step) => hasIntents || !ofIntents.includes(step));
    const diedAt = new Set(died.flatMap((death) => ('step' in death ? [`${death.side} ${death.step}`] : [])));
    expect([...diedAt].sort()).toEqual(steps.flatMap((step) => [`after ${step}`, `before ${step}`]).sort());
  },
);
