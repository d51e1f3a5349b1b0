import { type Command, Option } from 'commander';
import { providerFieldProblems } from '../../core/customer/customer-problems.js';
import { parseCustomer } from '../../core/customer/parse-customer.js';
import { CustomerSyncError } from '../../core/errors.js';
import type { WriteMode } from '../../core/mapping/report.js';
import { explainCustomer } from '../../explain/explain-customer.js';
import { createRowExplainer } from '../../explain/explain-row.js';
import { normaliseCustomer } from '../../normalise/normalise-customer.js';
import type { SourceRow } from '../../runner/row.js';
import { readSourceMapping } from '../../sources/mapping/read-source-mapping.js';
import { type CustomerSource, openSource } from '../../sources/open-source.js';
import type { Console } from '../console.js';
import { addOverlay, type NamedOverlay, openMapping } from '../mapping-files.js';
import { addFileOptions, type FileFlags } from '../options.js';
import { writeText } from '../output.js';
import { explanationText } from '../report/explain.js';
import { printable } from '../report/values.js';
import { filterRows } from '../rows.js';

interface ExplainFlags extends FileFlags {
  readonly to: string;
  readonly id: string;
  readonly field?: string;
  readonly on: WriteMode;
  readonly sourceMapping?: string;
  readonly overlay?: readonly NamedOverlay[];
  readonly config?: string;
  readonly json?: true;
}

export function addExplain(command: Command, console: Console): void {
  command
    .argument('<file>', 'customers as JSONL, JSON or CSV; "-" reads standard input')
    .requiredOption('--to <name>', 'a connection of the configuration, or a provider')
    .requiredOption('--id <id>', 'the customer')
    .option('--field <field>', "only this field, by the customer's name for it or the provider's")
    .addOption(new Option('--on <verb>', 'what is to be explained').choices(['create', 'update']).default('create'))
    .option('--source-mapping <file>', "how the file's columns become customers (JSON)");
  addFileOptions(command)
    .addOption(
      new Option(
        '--overlay <name=file>',
        'changes to the mapping (JSON); may be given several times, each laid over those before',
      ).argParser(addOverlay),
    )
    .option('--config <file>', 'the configuration (default: customer-sync.yaml, where there is one)')
    .option('--json', 'print as JSON')
    .addHelpText(
      'after',
      `
Prints the customer's own values. Asks no provider and needs no key.

Example:
  customer-sync explain customers.csv --to lago --id acct_1042 --field timezone`,
    )
    .action((file: string, flags: ExplainFlags) => explain(console, file, flags));
}

async function explain(console: Console, file: string, flags: ExplainFlags): Promise<void> {
  const { to, id, on: mode, field, overlay = [], config, json } = flags;
  const { provider, mapping, effective, ownership } = openMapping(to, { overlays: overlay, config });
  const sourceMapping = flags.sourceMapping === undefined ? undefined : readSourceMapping(flags.sourceMapping);
  const source = await openSource({
    path: file,
    stdin: console.stdin,
    format: flags.inputFormat,
    sourceMapping: sourceMapping?.compiled,
    delimiter: flags.delimiter,
    encoding: flags.encoding,
    normalise: normaliseCustomer,
  });
  const row = await findRow(source, id);
  const parsed = parseCustomer(row.value);
  const problems = [
    ...(row.problems ?? []),
    ...(parsed.ok ? providerFieldProblems(provider, parsed.customer) : parsed.problems),
  ];
  const customer = parsed.ok ? parsed.customer : row.value;
  const given = createRowExplainer({
    row,
    columns: source.columns,
    sourceMapping,
  });
  const explanation = {
    customer_id: id,
    to,
    provider: provider.definition.id,
    at: row.at ?? source.name,
    on: mode,
    /** Why the customer as a whole is not sent. */
    problems,
    ...explainCustomer({
      mapping,
      effective,
      customer,
      mode,
      ownership,
      matchTarget: provider.definition.identity.match.target,
      field,
      given,
    }),
  };
  await writeText(console.stdout, json ? `${JSON.stringify(explanation, null, 2)}\n` : explanationText(explanation));
}

async function findRow(source: CustomerSource, id: string): Promise<SourceRow> {
  const rows = filterRows(source.rows(), { ids: new Set([id]), limit: 1, onMissing: () => {} });
  for await (const row of rows) return row;
  throw new CustomerSyncError('config', {
    message: `${source.name}: no customer has the id "${printable(id)}"`,
    remedy: 'Give the id as the source has it, upper and lower case included.',
  });
}
