import type { SourceSettings } from '../../../schemas/configuration.js';
import { openJobSource } from '../../config/open-job-source.js';
import type { LoadedConfiguration } from '../../config/read-configuration.js';
import { problemText } from '../../core/zod-issues.js';
import { readCustomer } from '../../jobs/keyed-rows.js';
import type { JobContext } from '../jobs/open-job.js';
import { type Check, checking } from './check.js';

/** Enough to see whether the mapping fits, and read at once. */
const sampleRows = 100;

/** Opens a source as a job does, and reads its first rows. */
export function checkSource({ configuration, console, version }: JobContext, name: string, limitMs: number) {
  const subject = { about: 'source', name } as const;
  return checking(subject, async () => {
    const limited = withTimeout(configuration, name, limitMs);
    const source = await openJobSource(limited, name, { env: console.env, programVersion: version });
    let rows = 0;
    const faults: string[] = [];
    for await (const row of source.rows()) {
      rows += 1;
      const read = readCustomer(row, source.normalise);
      if (read.kind === 'invalid')
        faults.push(`${row.at ?? `row ${rows}`}: ${read.problems.map(problemText).join('; ')}`);
      if (rows === sampleRows) break;
    }
    return [{ ...subject, ...judge(rows, faults) }];
  });
}

function judge(rows: number, faults: readonly string[]): Pick<Check, 'status' | 'message' | 'remedy'> {
  if (rows === 0)
    return { status: 'warn', message: 'opens, and has no rows', remedy: 'A run would stop at the guard "empty".' };
  const looked = rows === 1 ? 'its first row' : `its first ${rows} rows`;
  const [first] = faults;
  if (first === undefined)
    return { status: 'ok', message: `opens; ${looked} ${rows === 1 ? 'is a valid customer' : 'are valid customers'}` };
  const message = `opens; of ${looked} ${faults.length} ${faults.length === 1 ? 'is no valid customer' : 'are no valid customers'}: ${first}`;
  const remedy = 'Correct the rows, or the source mapping; "customer-sync explain" shows the way of one field.';
  return { status: faults.length === rows ? 'fail' : 'warn', message, remedy };
}

/** A program that hangs is ended when nobody waits for it any longer. */
function withTimeout(configuration: LoadedConfiguration, name: string, limitMs: number): LoadedConfiguration {
  const { settings } = configuration;
  const source = settings.sources?.[name];
  if (source?.type !== 'command') return configuration;
  const limited: SourceSettings = { ...source, timeout: `${Math.ceil(limitMs / 1000)}s` };
  return { ...configuration, settings: { ...settings, sources: { ...settings.sources, [name]: limited } } };
}
