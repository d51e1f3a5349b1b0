import { type Command, Option } from 'commander';
import { type ErrorCode, errorCodes } from '../../../schemas/error-codes.js';
import type { LoadedConfiguration } from '../../config/read-configuration.js';
import type { ListedFailure } from '../../ledger/ledger.js';
import { codeHint } from '../code-hint.js';
import type { Console } from '../console.js';
import { addConfigOption, type ConfigFlag, openContext } from '../jobs/job-options.js';
import { jobSettings, noConnection, readLedger } from '../jobs/open-job.js';
import { collect } from '../options.js';
import { writeText } from '../output.js';
import { printable, safeJson } from '../report/values.js';

interface FailureFlags extends ConfigFlag {
  readonly job?: string;
  readonly to?: string;
  readonly id: string[];
  readonly code?: ErrorCode;
  readonly json?: true;
}

export function addFailures(command: Command, console: Console, version: string): void {
  addFailureFilter(addConfigOption(command))
    .option('--job <job>', 'of this job only')
    .option('--to <connection>', 'at this connection only')
    .option('--json', 'print as JSON')
    .action(async (flags: FailureFlags) => {
      const context = openContext(console, version, flags);
      const ledger = readLedger(context);
      const { job, to, code } = flags;
      const found = await ledger.failures({ job, to, code, ids: flags.id.length > 0 ? flags.id : undefined });
      await ledger.close();
      if (found.length === 0) checkNames(context.configuration, flags);
      if (flags.json) return writeText(console.stdout, `${safeJson(found)}\n`);
      const hint = codeHint(new Set(found.map(({ failure }) => failure.code)));
      const end = found.length === 0 ? 'No customer is failing.\n' : `${found.length} failing\n${hint}\n`;
      return writeText(console.stdout, found.map(failureText).join('') + end);
    });
}

/**
 * The ledger may list failures of a job that the configuration has no longer.
 * @throws CustomerSyncError `config` for a name that neither knows.
 */
function checkNames(configuration: LoadedConfiguration, { job, to }: FailureFlags): void {
  if (job !== undefined) jobSettings(configuration, job);
  if (to === undefined) return;
  // A member of a set, `tenants/acme`, stands under the set's name.
  const [name = to] = to.split('/');
  if (!Object.hasOwn(configuration.settings.connections ?? {}, name)) throw noConnection(configuration, name);
}

/** Which failures are meant, here and by `retry`. */
export function addFailureFilter(command: Command): Command {
  return command
    .addOption(new Option('--id <ids>', 'these customers, separated by commas').argParser(collect).default([], 'all'))
    .addOption(new Option('--code <code>', 'failures of this kind').choices(Object.keys(errorCodes)));
}

function failureText({ customerId, job, to, status, failure, firstAt, attempts, retryAt }: ListedFailure): string {
  const { code, message, remedy, fields = [] } = failure;
  const again = retryAt === undefined ? 'when the customer or the mapping changes' : `from ${retryAt}`;
  return [
    `${customerId}  ${job} -> ${to}  ${status} (${code})`,
    `  ${message}`,
    ...fields
      .map((field) => `${field.field}: ${field.message}`)
      .filter((text) => !message.includes(text))
      .map((text) => `    ${text}`),
    `  -> ${remedy}`,
    `  since ${firstAt}, ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}; tried again ${again}`,
    '',
  ]
    .map((line) => `${printable(line)}\n`)
    .join('');
}
