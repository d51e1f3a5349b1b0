import { type Command, InvalidArgumentError, Option } from 'commander';
import { configurationFile, readConfiguration } from '../../config/read-configuration.js';
import { nearest } from '../../core/nearest.js';
import { type GuardName, guardNames } from '../../jobs/job.js';
import { type Console, say } from '../console.js';
import { definitions } from '../definitions.js';
import { positive } from '../options.js';
import { printable } from '../report/values.js';
import { createAccounts, type JobContext } from './open-job.js';

export interface ConfigFlag {
  readonly config: string;
}

export interface RunningFlags extends ConfigFlag {
  readonly firstRun?: true;
  readonly concurrency: number;
  readonly failOn: 'any' | 'new';
  readonly json?: true;
}

export function addConfigOption(command: Command): Command {
  return command.option('--config <file>', 'the configuration', configurationFile);
}

/** Of every command that runs jobs. */
export function addRunningOptions(command: Command): Command {
  return addConfigOption(command)
    .option('--first-run', 'make the ledger if it is not there yet')
    .option('--concurrency <n>', 'customers in flight at once at each connection', positive, 10)
    .addOption(
      new Option('--fail-on <which>', 'end with 1 for any customer that is failing, or for new ones only')
        .choices(['any', 'new'])
        .default('any'),
    )
    .option('--json', 'print the reports as JSON');
}

/** @param guards those that the command heeds. */
export function allowOption(what: string, guards: readonly GuardName[] = guardNames): Option {
  return new Option('--allow <guards>', `${what}: ${guards.join(', ')}`).argParser<ReadonlySet<GuardName>>(
    (value, before) => readGuards(value, before, guards),
  );
}

function readGuards(
  value: string,
  before: ReadonlySet<GuardName> = new Set(),
  guards: readonly GuardName[],
): Set<GuardName> {
  const names = value.split(',').map((name) => name.trim());
  return new Set([
    ...before,
    ...names.map((name) => {
      const guard = guards.find((candidate) => candidate === name);
      if (guard === undefined)
        throw new InvalidArgumentError(
          `There is no guard "${name}"${nearest(name, guards)}; use ${guards.join(', ')}.`,
        );
      return guard;
    }),
  ]);
}

/** @throws CustomerSyncError `config` for a configuration that is not there or not right. */
export function openContext(console: Console, version: string, { config }: ConfigFlag): JobContext {
  const tell = (message: string) => say(console, printable(message));
  return { console, version, configuration: readConfiguration(config, definitions), tell, accounts: createAccounts() };
}
