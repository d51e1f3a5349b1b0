import { describe, it } from 'vitest';
import { SUBJECTS } from '../core/upsert/flow.js';
import { type Death, survive } from './crash/scenario.js';

/** Moments of a run over twelve customers, from its first step to its last ones. */
const deaths: readonly Death[] = [
  { step: 1 },
  { step: 7 },
  { step: 9 },
  { step: 11 },
  { step: 14 },
  { request: 1 },
  { request: 3 },
  { request: 6 },
  { request: 9 },
  { request: 13 },
];

describe.each(SUBJECTS)('a job to $id whose process is killed', (subject) => {
  it.concurrent.each(deaths)('goes on where it was: %j', async (death) => {
    const emulator = await subject.start();
    try {
      const wasKilled = await survive(subject, emulator, { death, customers: 12, latencyMs: 10, faultAfter: 2 });
      if (!wasKilled) throw new Error('the process had ended before it was to be killed');
    } finally {
      await emulator.close();
    }
  });
});
