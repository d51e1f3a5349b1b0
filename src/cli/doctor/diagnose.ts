import { readFileSync } from 'node:fs';
import process from 'node:process';
import { isCustomerSyncError } from '../../core/errors.js';
import { checkNode } from '../check-node.js';
import type { Console } from '../console.js';
import { findConfiguration } from '../find-configuration.js';
import { createAccounts, type JobContext } from '../jobs/open-job.js';
import { packageFile } from '../package-file.js';
import { type Check, checking, failed, inTime, type TimedChecks } from './check.js';
import { clockCheck } from './check-clock.js';
import { checkMappings, configurationCheck } from './check-configuration.js';
import { type ConnectionToCheck, checkConnection, type Findings } from './check-connection.js';
import { checkLedger } from './check-ledger.js';
import { checkSource } from './check-source.js';
import { configuredConnections, environmentConnections } from './connections-to-check.js';

export interface DiagnoseOptions {
  readonly console: Console;
  /** Of this program. */
  readonly version: string;
  /** The configuration that was named, if one was. */
  readonly config: string | undefined;
  /** For each connection and each source, in milliseconds. Default: 20 s. */
  readonly limitMs?: number;
}

/** Looks at everything that a run needs. Reads only: nothing at a provider, in a source or in the ledger changes. */
export async function diagnose({ console, version, config, limitMs = 20_000 }: DiagnoseOptions): Promise<TimedChecks> {
  const node = await checking({ about: 'node' }, () => [nodeCheck()]);
  try {
    const configuration = findConfiguration(config);
    const { checks, isGivenUp } =
      configuration === undefined
        ? await withoutConfiguration(console, limitMs)
        : await withConfiguration(
            { console, configuration, version, tell: () => {}, accounts: createAccounts() },
            limitMs,
          );
    return { checks: [...node, ...checks], isGivenUp };
  } catch (error) {
    if (!isCustomerSyncError(error)) throw error;
    const check = failed({ about: 'configuration' }, error);
    const message = `${check.message}; the rest is looked at once this is right`;
    return { checks: [...node, { ...check, message }], isGivenUp: false };
  }
}

/** Whoever gets here has a Node that is new enough; an older one ends the program at its start. */
function nodeCheck(): Check {
  const { engines }: { engines: { node: string } } = JSON.parse(readFileSync(packageFile('package.json'), 'utf8'));
  checkNode(engines.node, process.versions.node);
  return { about: 'node', status: 'ok', message: `Node.js ${process.versions.node} (${engines.node} is needed)` };
}

/** The providers whose keys are in the environment, as `--to` reaches them. */
async function withoutConfiguration(console: Console, limitMs: number): Promise<TimedChecks> {
  const { connections, variables } = environmentConnections(console);
  const configuration: Check = {
    about: 'configuration',
    status: 'warn',
    message: 'no customer-sync.yaml here; looked at the keys in the environment',
    remedy: '"customer-sync init" writes one.',
  };
  if (connections.length === 0) {
    const missing: Check = {
      about: 'connection',
      status: 'warn',
      message: 'no key of a provider is in the environment',
      remedy: `Set one of ${variables.join(', ')}.`,
    };
    return { checks: [configuration, missing], isGivenUp: false };
  }
  const findings: Findings = { clockOffsets: [], opened: [] };
  const { checks, isGivenUp } = joined(await Promise.all(connectionChecks(connections, findings, limitMs)));
  return { checks: [configuration, ...checks, clockCheck(findings.clockOffsets)], isGivenUp };
}

async function withConfiguration(context: JobContext, limitMs: number): Promise<TimedChecks> {
  const { configuration } = context;
  const findings: Findings = { clockOffsets: [], opened: [] };
  const sources = Object.keys(configuration.settings.sources ?? {}).map((name) =>
    inTime({ about: 'source', name }, checkSource(context, name, limitMs), limitMs),
  );
  const connections = configuredConnections(context);
  const { checks, isGivenUp } = joined(
    await Promise.all([...sources, ...connectionChecks(connections, findings, limitMs)]),
  );
  return {
    checks: [
      configurationCheck(configuration),
      ...(await checkMappings(configuration)),
      ...checks,
      ...(connections.length === 0 ? [] : [clockCheck(findings.clockOffsets)]),
      ...(await checkLedger(context, findings)),
    ],
    isGivenUp,
  };
}

function connectionChecks(connections: readonly ConnectionToCheck[], findings: Findings, limitMs: number) {
  return connections.map((connection) =>
    inTime({ about: 'connection', name: connection.name }, checkConnection(connection, findings), limitMs),
  );
}

function joined(timed: readonly TimedChecks[]): TimedChecks {
  return {
    checks: timed.flatMap(({ checks }) => checks),
    isGivenUp: timed.some(({ isGivenUp }) => isGivenUp),
  };
}
