import { availableParallelism } from 'node:os';
import { benchChanges } from './changes/bench.js';
import { benchDelivery } from './delivery/bench.js';
import { benchLanguage } from './language/bench.js';
import { benchLimits } from './limits/bench.js';
import { benchMapping } from './mapping/bench.js';

const benches: Readonly<Record<string, (print: (text: string) => void) => Promise<void>>> = {
  mapping: benchMapping,
  language: benchLanguage,
  delivery: benchDelivery,
  changes: benchChanges,
  limits: benchLimits,
};

const clock = process.env['BENCH_CLOCK'] === 'cpu' ? "the thread's CPU" : 'wall-clock';
const print = (text: string) => process.stdout.write(`${text}\n`);
const chosen = process.argv.slice(2);
for (const name of chosen) {
  if (!Object.hasOwn(benches, name))
    throw new Error(`there is no benchmark "${name}"; there are ${Object.keys(benches).join(', ')}`);
}

print(`Node ${process.versions.node}, V8 ${process.versions.v8}, ${availableParallelism()} cores, ${clock} time`);
for (const [name, bench] of Object.entries(benches)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  print(`\n## ${name}`);
  await bench(print);
}
