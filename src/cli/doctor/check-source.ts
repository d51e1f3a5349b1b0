import { resolve } from 'node:path';
import type { SourceSettings } from '../../../schemas/configuration.js';
import { openJobSource } from '../../config/open-job-source.js';
import type { LoadedConfiguration } from '../../config/read-configuration.js';
import { compileGetter, isRecord, parsePath } from '../../core/mapping/path.js';
import { problemText } from '../../core/zod-issues.js';
import { readCustomer } from '../../jobs/keyed-rows.js';
import { readSourceMapping } from '../../sources/mapping/read-source-mapping.js';
import type { JobContext } from '../jobs/open-job.js';
import { type Check, checking, type Subject } from './check.js';

/** Enough to see whether the mapping fits, and read at once. */
const sampleRows = 100;

/** Opens a source as a job does, and reads its first rows. */
export function checkSource({ configuration, console, version }: JobContext, name: string, limitMs: number) {
  const subject = { about: 'source', name } as const;
  return checking(subject, async () => {
    const limited = withTimeout(configuration, name, limitMs);
    const source = await openJobSource(limited, name, { env: console.env, programVersion: version });
    const unseen = createUnseen(configuration, name);
    let rows = 0;
    const faults: string[] = [];
    for await (const row of source.rows()) {
      rows += 1;
      unseen.note(row.original);
      const read = readCustomer(row, source.normalise);
      if (read.kind === 'invalid')
        faults.push(`${row.at ?? `row ${rows}`}: ${read.problems.map(problemText).join('; ')}`);
      if (rows === sampleRows) break;
    }
    const judged: Check = { ...subject, ...judge(rows, faults) };
    return rows === 0 ? [judged] : [judged, ...unseen.checks(subject)];
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

/**
 * Keys that a mapping names and no row has. Tables and CSV files are refused when a column is missing; a key of an
 * object may be absent, so that only all rows together tell a slip.
 */
function createUnseen({ settings, directory }: LoadedConfiguration, name: string) {
  const source = settings.sources?.[name];
  const isTable = source?.type === 'postgres' || source?.type === 'sqlite';
  const file = isTable ? undefined : source?.source_mapping;
  const paths = file === undefined ? [] : readSourceMapping(resolve(directory, file)).compiled.paths;
  const unseen = new Map(paths.map((path) => [path, compileGetter(parsePath(path))]));
  return {
    note(original: unknown) {
      const row = typeof original === 'string' ? parsed(original) : original;
      for (const [path, get] of unseen) if (!isRecord(row) || get(row) !== undefined) unseen.delete(path);
    },
    checks(subject: Subject): Check[] {
      if (unseen.size === 0) return [];
      const names = [...unseen.keys()].map((path) => `"${path}"`).join(', ');
      const message = `none of these rows has ${names}, which ${file} names`;
      return [{ ...subject, status: 'warn', message, remedy: 'Correct the name, unless such values are rare.' }];
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** A program that hangs is ended when nobody waits for it any longer. */
function withTimeout(configuration: LoadedConfiguration, name: string, limitMs: number): LoadedConfiguration {
  const { settings } = configuration;
  const source = settings.sources?.[name];
  if (source?.type !== 'command') return configuration;
  const limited: SourceSettings = { ...source, timeout: `${Math.ceil(limitMs / 1000)}s` };
  return { ...configuration, settings: { ...settings, sources: { ...settings.sources, [name]: limited } } };
}
