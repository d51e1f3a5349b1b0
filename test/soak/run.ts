import process from 'node:process';
import { parseArgs } from 'node:util';
import { builtInProviders } from '../../integrations/registry.js';
import { findProblems, memoryOf } from './check.js';
import { type Sample, type Soaked, soak } from './soak.js';

const ids = builtInProviders.map(({ definition }) => definition.id);
const { values } = parseArgs({
  options: {
    provider: { type: 'string', default: 'lago' },
    customers: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '20261121' },
  },
});
const { provider } = values;
const [customers, seed] = [Number(values.customers), Number(values.seed)];
if (!ids.includes(provider) || !(customers > 0) || !(seed > 0)) {
  process.stderr.write(`npm run soak -- [--provider ${ids.join('|')}] [--customers <n>] [--seed <n>]\n`);
  process.exit(2);
}

const startedAt = performance.now();
let shownAt = 0;
process.stdout.write(`${customers} customers to ${provider}, seed ${seed}\n`);
const soaked = await soak({ provider, customers, seed, onSample: showProgress });
const problems = findProblems(soaked, customers);
process.stdout.write(`${[...summary(soaked), ...problems.map((problem) => `WRONG: ${problem}`)].join('\n')}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;

function showProgress({ done, rssMb }: Sample): void {
  const seconds = (performance.now() - startedAt) / 1_000;
  if (seconds - shownAt < 10) return;
  shownAt = seconds;
  process.stderr.write(`${seconds.toFixed(0)} s: ${done} of ${customers} customers, ${rssMb.toFixed(0)} MB\n`);
}

function summary({ runs, difference, emulator }: Soaked): string[] {
  return [
    ...runs.flatMap(({ report: { targets }, samples, seconds }, index) => {
      const { outcomes = {}, requests = 0 } = targets[0] ?? {};
      const { peak, tenths } = memoryOf(samples);
      return [
        `run ${index + 1}: ${JSON.stringify(outcomes)}, ${requests} requests, ${seconds.toFixed(0)} s`,
        `  memory: at most ${peak.toFixed(0)} MB; median of each tenth ${tenths.map((mb) => mb.toFixed(0)).join(' ')}`,
      ];
    }),
    `emulator: ${emulator.requests} requests, ${emulator.faults} faults, at most ${emulator.peakMb.toFixed(0)} MB`,
    `emulator and source: ${JSON.stringify(difference)}`,
  ];
}
