import { measureInRounds, type Rates } from '../rounds.js';
import { median } from '../statistics.js';
import { formatCount, formatTable } from '../table.js';
import { checkEngines } from './check.js';
import { makeCustomers, type Population } from './customers.js';
import { engines, handWritten } from './engines.js';
import type { Work } from './worker.js';

const rounds = 15;

/** Prints customers per second of every engine, and its part of the hand-written function's rate. */
export async function benchMapping(print: (text: string) => void): Promise<void> {
  for (const population of ['full', 'sparse'] as const) {
    await checkEngines(makeCustomers(1000, population));
    print(`\n### ${population === 'full' ? 'Customers with all 20 fields' : 'Customers that lack some fields'}\n`);
    print('All engines made the same 1,000 bodies.\n');
    const mapOnly = await measure(population, 'map');
    const withJson = await measure(population, 'map + JSON');
    print(formatResults(mapOnly, withJson));
  }
}

function measure(population: Population, work: Work): Promise<Rates> {
  return measureInRounds({
    module: new URL('./worker.js', import.meta.url),
    contenders: Object.fromEntries(Object.keys(engines).map((name) => [name, [name, population, work]])),
    rounds,
  });
}

function formatResults(mapOnly: Rates, withJson: Rates): string {
  const header = [
    'Engine',
    'map: median /s',
    'best /s',
    'of hand-written',
    'map + JSON: median /s',
    'best /s',
    'of hand-written',
  ];
  const rows = Object.keys(engines).map((name) => [name, ...figures(mapOnly, name), ...figures(withJson, name)]);
  return formatTable(header, rows);
}

/** The ratio is of medians: single rounds move with whatever else the machine does. */
function figures(rates: Rates, name: string): string[] {
  const own = rates[name] ?? [];
  const yardstick = rates[handWritten] ?? [];
  return [formatCount(median(own)), formatCount(Math.max(...own)), (median(own) / median(yardstick)).toFixed(3)];
}
