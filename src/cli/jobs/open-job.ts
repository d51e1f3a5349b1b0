import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { builtInProviders } from '../../../integrations/registry.js';
import type { JobSettings } from '../../../schemas/configuration.js';
import type { ConnectionSettings } from '../../../schemas/connection.js';
import { connectionSettings } from '../../config/connection-settings.js';
import { openJobSource } from '../../config/open-job-source.js';
import type { LoadedConfiguration } from '../../config/read-configuration.js';
import { type OpenedConnection, type OpenOptions, openConnections } from '../../connections/open-connections.js';
import type { Tell } from '../../connections/outage-log.js';
import { CustomerSyncError } from '../../core/errors.js';
import { compileCondition } from '../../core/mapping/condition.js';
import { nearest } from '../../core/nearest.js';
import type { Job, JobTarget } from '../../jobs/job.js';
import type { AccountFacts, Ledger } from '../../ledger/ledger.js';
import { openLedger } from '../../ledger/sqlite/open-ledger.js';
import { createRunner } from '../../runner/runner.js';
import { errorCode } from '../../sources/file-error.js';
import type { Console } from '../console.js';

/** What the commands about jobs share. */
export interface JobContext {
  readonly console: Console;
  readonly configuration: LoadedConfiguration;
  /** Of this program. */
  readonly version: string;
  /** Gets what people should know while a job goes on. */
  readonly tell: Tell;
  /** One for the whole process: what leads to one account shares its limits, run after run. */
  readonly accounts: Pick<OpenOptions, 'runner' | 'environments'>;
}

export function createAccounts(): JobContext['accounts'] {
  return { runner: createRunner({ providers: builtInProviders }), environments: new Map() };
}

export interface OpenedJob {
  readonly job: Job;
  readonly settings: JobSettings;
  readonly targets: readonly OpenedConnection[];
}

/** @throws CustomerSyncError for everything that keeps the job from running at all. */
export async function openJob(context: JobContext, name: string): Promise<OpenedJob> {
  const { configuration, console, version } = context;
  const settings = jobSettings(configuration, name);
  const { mode = 'upsert', guards = {}, filter, allow_archive: allowed = false, consents = [] } = settings;
  const opened = await openNamed(context, settings.to);
  const source = await openJobSource(configuration, settings.source, { env: console.env, programVersion: version });
  const job: Job = {
    name,
    source,
    mode,
    targets: opened.map(({ target }) => target),
    providers: context.accounts.runner.providers,
    guards: {
      maxChangedPercent: guards.max_changed_percent,
      maxShrinkPercent: guards.max_shrink_percent,
      maxArchived: guards.max_archived,
    },
    ...(filter !== undefined && { filter: { text: JSON.stringify(filter), test: compileCondition(filter) } }),
    ...(mode === 'mirror' && { archive: { allowed, consents } }),
  };
  return { job, settings, targets: opened.map(({ connection }) => connection) };
}

export function jobSettings({ settings: { jobs = {} }, file }: LoadedConfiguration, name: string): JobSettings {
  const settings = Object.hasOwn(jobs, name) ? jobs[name] : undefined;
  if (settings !== undefined) return settings;
  throw new CustomerSyncError('config', {
    message: `${file}: there is no job "${name}"${nearest(name, Object.keys(jobs))}`,
    remedy: 'Name one that stands under "jobs".',
  });
}

interface NamedTarget {
  readonly connection: OpenedConnection;
  readonly target: JobTarget;
}

/** Connections of the configuration, with what the ledger recognises their accounts by. */
export async function openNamed(
  { configuration, console: { env }, tell, accounts }: JobContext,
  names: readonly string[],
): Promise<NamedTarget[]> {
  const found: NamedTarget[] = [];
  for (const name of names) {
    const settings = connectionSettings(configuration, name, env);
    if (settings === undefined) throw noConnection(configuration, name);
    const opened = await openConnections(new Map([[name, settings]]), { ...accounts, env, offline: false, tell });
    for (const connection of opened) {
      const target = {
        connection: connection.connection,
        account: accountFacts(connection, settings, env),
        rateShare: settings.rate_share,
      };
      found.push({ connection, target });
    }
  }
  return found;
}

export function accountFacts(
  { definition, account: { baseUrl, nango } }: OpenedConnection,
  settings: ConnectionSettings,
  env: Console['env'],
): AccountFacts {
  const facts = { provider: definition.id, origin: baseUrl };
  if (nango !== undefined) return { ...facts, reported: `${nango.integration}/${nango.connectionId}` };
  return { ...facts, credential: settings.credentials?.api_key ?? env[definition.auth.env] };
}

export function noConnection(
  { file, settings: { connections = {} } }: LoadedConfiguration,
  name: string,
): CustomerSyncError {
  return new CustomerSyncError('config', {
    message: `${file}: there is no connection "${name}"${nearest(name, Object.keys(connections))}`,
    remedy: 'Name one that stands under "connections".',
  });
}

export function ledgerPath({ settings, directory }: LoadedConfiguration): string {
  return resolve(directory, settings.ledger ?? '.customer-sync/ledger.db');
}

export function reportsFolder({ settings, directory }: LoadedConfiguration): string {
  return resolve(directory, settings.reports ?? '.customer-sync/reports');
}

/** To look at only; a ledger that is not there is an empty one. */
export function readLedger({ configuration, console: { env } }: JobContext): Ledger {
  return openLedger({ path: ledgerPath(configuration), env, mode: 'read' });
}

/** @param firstRun whether a ledger that is not there is made; else that is an error, since it may have been lost. */
export function writeLedger(
  { configuration, console: { env } }: JobContext,
  command: string,
  firstRun: boolean,
): Ledger {
  const path = ledgerPath(configuration);
  if (firstRun) makeFolder(dirname(path));
  return openLedger({ path, env, mode: 'write', command, mustExist: !firstRun });
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new CustomerSyncError('config', {
      message: `${folder}: the folder of the ledger cannot be made (${errorCode(error)})`,
      remedy: 'Give this user the right to write there, or name another place in the configuration: ledger: <file>.',
    });
  }
}
