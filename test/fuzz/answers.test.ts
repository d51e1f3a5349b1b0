import { expect, it, vi } from 'vitest';
import { SUBJECTS } from '../core/upsert/flow.js';
import { fuzzAnswers } from './answers.js';
import { newSeed } from './random.js';

// A machine that is busy with something else may take long for some seconds' work.
vi.setConfig({ testTimeout: 120_000 });

it.each(SUBJECTS)('whatever $id answers, a customer has one outcome: 2,500 answers', async (subject) => {
  const seed = newSeed();
  const { answers, outcomes } = await fuzzAnswers(subject, 2_500, seed);
  expect(answers, `seed ${seed}`).toBeGreaterThanOrEqual(2_500);
  // It gets through to what comes after the first answer.
  expect(Object.keys(outcomes).length, `seed ${seed}: ${JSON.stringify(outcomes)}`).toBeGreaterThan(3);
});
