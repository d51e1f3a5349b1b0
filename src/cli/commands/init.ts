import { writeFile } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import type { Command } from 'commander';
import { builtInProviders } from '../../../integrations/registry.js';
import { CustomerSyncError } from '../../core/errors.js';
import { type Guess, guessMapping } from '../../init/guess-mapping.js';
import { readTable } from '../../init/table.js';
import { errorCode } from '../../sources/file-error.js';
import { type Console, say } from '../console.js';
import { addFileOptions, type FileFlags } from '../options.js';
import { writeText } from '../output.js';
import { packageFile } from '../package-file.js';
import { guessText, samplesOf } from '../report/guess.js';
import { printable } from '../report/values.js';

interface InitFlags extends FileFlags {
  readonly from: string;
  readonly out?: string;
  readonly force?: true;
  readonly json?: true;
}

export function addInit(command: Command, console: Console): void {
  command
    .requiredOption('--from <file>', 'customers as CSV, JSONL or JSON')
    .option('--out <file>', 'where the mapping goes; "-" for standard output (default: the file with .mapping.json)')
    .option('--force', 'write over a mapping that is there');
  addFileOptions(command)
    .option('--json', 'print the guesses as JSON')
    .addHelpText(
      'after',
      `
Looks at the names of the columns (English and German) and at the values of the first 1,000 rows. What is not certain is
left out, and the reason is written into the mapping.

Example:
  customer-sync init --from customers.csv
  customer-sync dry-run customers.csv --source-mapping customers.mapping.json --to lago --offline`,
    )
    .action((flags: InitFlags) => init(console, flags));
}

async function init(console: Console, flags: InitFlags): Promise<void> {
  const table = await readTable({
    path: flags.from,
    stdin: console.stdin,
    format: flags.inputFormat,
    delimiter: flags.delimiter,
    encoding: flags.encoding,
  });
  for (const notice of table.notices) say(console, `note: ${printable(notice)}`);
  const guess = guessMapping(
    table,
    builtInProviders.map(({ definition }) => definition.id),
  );
  const out = flags.out ?? `${flags.from === '-' ? 'customers' : withoutExtension(flags.from)}.mapping.json`;
  const mapping = mappingText(guess, out);
  if (out !== '-') await writeNew(out, mapping, flags.force === true);
  const samples = samplesOf(guess, table);
  const report = flags.json
    ? `${JSON.stringify({ out, ...guess, samples }, null, 2)}\n`
    : guessText(guess, table, samples, { out, from: flags.from });
  if (out !== '-') return writeText(console.stdout, report);
  await writeText(console.stdout, mapping);
  await writeText(console.stderr, report);
}

function withoutExtension(path: string): string {
  return path.replace(/(?:\.(?:csv|tsv|jsonl|ndjson|json))?(?:\.gz)?$/i, '');
}

/** One rule a line, as one would write it by hand. */
function mappingText({ mapping }: Guess, out: string): string {
  const schema = out === '-' ? '' : relative(dirname(out), packageFile('schemas/json/source-mapping.schema.json'));
  // From far away the path would hold on this machine only.
  const head = schema === '' || schema.startsWith('../..') ? {} : { $schema: schema };
  const { fields, ignored } = mapping;
  const members = Object.entries({ ...head, fields, ...(ignored !== undefined && { ignored }) }).map(
    ([key, member]) => {
      const text = typeof member === 'string' ? JSON.stringify(member) : `{\n${entryLines(member).join(',\n')}\n  }`;
      return `  ${JSON.stringify(key)}: ${text}`;
    },
  );
  return `{\n${members.join(',\n')}\n}\n`;
}

function entryLines(entries: object): string[] {
  return Object.entries(entries).map(([key, value]) => {
    const text = JSON.stringify(value, null, 1).replace(/\n\s*/g, ' ');
    return `    ${JSON.stringify(key)}: ${text}`;
  });
}

async function writeNew(path: string, text: string, force: boolean): Promise<void> {
  await writeFile(path, text, { flag: force ? 'w' : 'wx' }).catch((error: unknown) => {
    const code = errorCode(error);
    throw code === 'EEXIST'
      ? new CustomerSyncError('config', {
          message: `${path} is there already`,
          remedy: 'Give another name with --out, or --force to write over it.',
        })
      : new CustomerSyncError('config', {
          message: `${path} cannot be written (${code})`,
          remedy: 'Check that the folder is there and may be written to, or give another one with --out.',
        });
  });
}
