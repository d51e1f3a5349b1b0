import { expect, it } from 'vitest';
import { SUBJECTS } from '../core/upsert/flow.js';
import { findProblems } from './check.js';
import { soak } from './soak.js';
import { summaryOf } from './summary.js';

const customers = 20_000;

it.each(SUBJECTS)(
  '20,000 customers come to $id through faults, each with one outcome, in flat memory',
  async ({ id }) => {
    const seed = 20_261_121;
    const soaked = await soak({ provider: id, customers, seed });
    process.stdout.write(`${id}, seed ${seed}\n${summaryOf(soaked).join('\n')}\n`);
    expect(findProblems(soaked, customers)).toEqual([]);
  },
);
