import process from 'node:process';
import { parseArgs } from 'node:util';
import { builtInProviders } from '../../integrations/registry.js';
import { findProblems } from './check.js';
import { type Sample, soak } from './soak.js';
import { summaryOf } from './summary.js';

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
process.stdout.write(`${[...summaryOf(soaked), ...problems.map((problem) => `WRONG: ${problem}`)].join('\n')}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;

function showProgress({ done, rssMb }: Sample): void {
  const seconds = (performance.now() - startedAt) / 1_000;
  if (seconds - shownAt < 10) return;
  shownAt = seconds;
  process.stderr.write(`${seconds.toFixed(0)} s: ${done} of ${customers} customers, ${rssMb.toFixed(0)} MB\n`);
}
