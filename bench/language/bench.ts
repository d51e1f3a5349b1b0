import { builtInProviders } from '../../integrations/registry.js';
import { measureInRounds, type Rates } from '../rounds.js';
import { median } from '../statistics.js';
import { formatCount, formatTable } from '../table.js';
import { tasks } from './tasks.js';

const rounds = 9;

/** Prints what the mapping language does besides mapping: compiling an overlay, reading records back, comparing. */
export async function benchLanguage(print: (text: string) => void): Promise<void> {
  const ids = builtInProviders.map(({ definition }) => definition.id);
  const rows: string[][] = [];
  for (const name of Object.keys(tasks)) {
    const rates: Rates = await measureInRounds({
      module: new URL('./worker.js', import.meta.url),
      contenders: Object.fromEntries(ids.map((id) => [id, [name, id]])),
      rounds,
    });
    rows.push([name, ...ids.map((id) => formatCount(median(rates[id] ?? [])))]);
  }
  print('\nMedian operations per second; a compilation is one operation, as is one customer or record.\n');
  print(formatTable(['Work', ...ids], rows));
}
