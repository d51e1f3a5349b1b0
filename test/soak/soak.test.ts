import { expect, it } from 'vitest';
import { findProblems } from './check.js';
import { type Soaked, type SoakRun, soak } from './soak.js';

const customers = 200;
const soaked = await soak({ provider: 'recharge', customers, seed: 7 });
const [first] = soaked.runs;
if (first === undefined) throw new Error('no run');
const [target] = first.report.targets;
if (target === undefined) throw new Error('no target');

const withFirst = (changes: Partial<SoakRun>): Soaked => ({ ...soaked, runs: [{ ...first, ...changes }] });
const withReport = (outcomes: object, failing = 0): Soaked =>
  withFirst({ report: { ...first.report, targets: [{ ...target, outcomes: { ...outcomes }, failing }] } });
const withMemory = (rssMb: readonly number[]): Soaked =>
  withFirst({ samples: rssMb.map((mb, index) => ({ kind: 'sample', done: index * 20, rssMb: mb })) });

it('200 customers come to Recharge through faults, each with one outcome', () => {
  expect(findProblems(soaked, customers)).toEqual([]);
  expect(soaked.emulator.faults).toBeGreaterThanOrEqual(12);
});

it.each([
  ['a customer without an outcome', withFirst({ untold: 1 }), 'run 1: 1 customers had no outcome'],
  ['a customer with two', withFirst({ toldOften: 1 }), 'run 1: 1 customers had two outcomes'],
  ['outcomes that do not add up', withReport({ created: 199 }), 'run 1: 200 rows, 199 outcomes'],
  ['customers that fail to the end', withReport({ created: 199, failed: 1 }, 1), 'customers fail still'],
  [
    'a customer that the provider does not hold',
    { ...soaked, difference: { missing: 1, surplus: 0, wrong: 0 } },
    'the emulator differs: {"missing":1,"surplus":0,"wrong":0}',
  ],
  ['much memory', withMemory(Array.from({ length: 11 }, () => 600)), 'run 1: 600 MB of memory'],
  [
    'memory that grows',
    withMemory([100, 100, 100, 100, 100, 110, 120, 130, 140, 150, 160]),
    'run 1: memory grew to 1.60 times what it was',
  ],
])('a soak shows %s', (_, given, problem) => {
  expect(findProblems(given, customers)).toContain(problem);
});
