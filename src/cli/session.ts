import { existsSync } from 'node:fs';
import { builtInProviders } from '../../integrations/registry.js';
import type { OpenedConnection } from '../connections/open-connections.js';
import { CustomerSyncError } from '../core/errors.js';
import { normaliseCustomer } from '../normalise/normalise-customer.js';
import type { SourceRow } from '../runner/row.js';
import { createRunner, type Runner } from '../runner/runner.js';
import { missingFileError } from '../sources/file-error.js';
import { type CustomerSource, openSource } from '../sources/open-source.js';
import { type Console, say } from './console.js';
import { findConfiguration } from './find-configuration.js';
import type { RunFlags } from './options.js';
import { printable } from './report/values.js';
import { filterRows } from './rows.js';
import { openTargets } from './targets.js';

/** Everything a command needs to go from a file to the providers. */
export interface Session {
  readonly runner: Runner;
  readonly targets: readonly OpenedConnection[];
  readonly source: CustomerSource;
  rows(): AsyncIterable<SourceRow>;
}

/** @throws CustomerSyncError for everything that makes a run impossible: nothing was sent then. */
export async function openSession(
  console: Console,
  file: string | undefined,
  flags: RunFlags,
  offline: boolean,
): Promise<Session> {
  if (file === undefined) throw incomplete('no file is named', 'Name a file of customers; "-" reads standard input.');
  if (flags.to === undefined && file !== '-' && !existsSync(file))
    throw missingFileError({ path: file }, { code: 'ENOENT' });
  if (flags.to === undefined) throw incomplete('--to is missing', 'Say where to, for example --to lago,autumn.');
  const runner = createRunner({ providers: builtInProviders });
  const targets = await openTargets(flags.to, {
    runner,
    configuration: findConfiguration(flags.config),
    env: console.env,
    offline,
    rateShare: flags.rateShare,
    overlays: flags.overlay,
    nango: flags,
    tell: (message) => say(console, message),
  });
  const source = await openSource({
    path: file,
    stdin: console.stdin,
    format: flags.inputFormat,
    sourceMapping: flags.sourceMapping,
    delimiter: flags.delimiter,
    encoding: flags.encoding,
    normalise: (input) => normaliseCustomer(input, { strict: flags.strict === true }),
  });
  for (const notice of [...source.notices, ...ignoredColumns(source)]) say(console, `note: ${printable(notice)}`);
  const ids = new Set(flags.id);
  let saidMissing = false;
  const onMissing = (missing: readonly string[]) => {
    // An apply that asks reads the rows twice.
    if (!saidMissing) say(console, `note: ${printable(missingIds(missing, source))}`);
    saidMissing = true;
  };
  return {
    runner,
    targets,
    source,
    rows: () => filterRows(source.rows(), { ids, limit: flags.limit, onMissing }),
  };
}

function incomplete(message: string, remedy: string): CustomerSyncError {
  return new CustomerSyncError('config', { message, remedy });
}

function ignoredColumns({ name, ignoredColumns = [] }: CustomerSource): string[] {
  if (ignoredColumns.length === 0) return [];
  const columns = listed(ignoredColumns);
  return [`${name}: not used by the source mapping: ${columns}; name them under "ignored" to say that this is right`];
}

function missingIds(ids: readonly string[], { name }: CustomerSource): string {
  return `${name}: no customer has ${ids.length === 1 ? 'the id' : 'one of the ids'} ${listed(ids)}`;
}

/** A user may have given thousands. */
const listedNames = 20;

function listed(names: readonly string[]): string {
  const shown = names.slice(0, listedNames).map((name) => `"${name}"`);
  const more = names.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
