import { type Command, InvalidArgumentError, Option } from 'commander';
import { CustomerSyncError } from '../core/errors.js';
import { addNangoOptions, type NangoFlags } from './nango-options.js';

const formats = ['text', 'json', 'csv', 'markdown'] as const;
/** A page is made when all is known, and what is written must be told as it is. */
const planFormats = [...formats, 'html'] as const;
export type Format = (typeof planFormats)[number];

/** What `dry-run` and `apply` have in common. */
export interface RunFlags extends NangoFlags, FileFlags {
  readonly to?: string[];
  readonly config?: string;
  readonly sourceMapping?: string;
  readonly strict?: true;
  readonly id: string[];
  readonly limit?: number;
  readonly overlay: Map<string, readonly string[]>;
  readonly rateShare?: number;
  readonly concurrency: number;
  readonly format: Format;
  readonly json?: true;
  readonly verbose?: true;
  readonly show: number;
}

/** How a file of customers is to be read, where it cannot be told from the file. */
export interface FileFlags {
  readonly inputFormat?: 'jsonl' | 'json' | 'csv';
  readonly delimiter?: string;
  readonly encoding?: string;
}

export function addFileOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--input-format <format>', 'instead of guessing by name and content').choices([
        'jsonl',
        'json',
        'csv',
      ]),
    )
    .option('--delimiter <character>', 'CSV separator, instead of guessing; "tab" for a tab', delimiter)
    .option('--encoding <name>', 'encoding of the file, instead of guessing: utf-8, windows-1252, utf-16le, utf-16be');
}

/** @param purpose a plan may also be a page. */
export function addRunOptions(command: Command, purpose: 'plan' | 'apply'): Command {
  command
    .argument('[file]', 'customers as JSONL, JSON or CSV ("-" reads standard input), or a plan that was kept')
    .option('--to <names>', 'connections of the configuration, or providers: lago,autumn', list)
    .option('--config <file>', 'the configuration (default: customer-sync.yaml, where there is one)');
  addNangoOptions(command).option('--source-mapping <file>', "how the file's columns become customers (JSON)");
  return addFileOptions(command)
    .option('--strict', 'a value that cannot be read makes the customer invalid, instead of being left out')
    .addOption(
      new Option('--id <ids>', 'only these customers, separated by commas; may be given several times')
        .argParser(collect)
        .default([], 'all'),
    )
    .option('--limit <n>', 'only the first n customers', (value) => wholeNumber(value, 0))
    .addOption(
      new Option('--overlay <provider=file>', "changes to a provider's mapping (JSON); may be given several times")
        .argParser(collectOverlay)
        .default(new Map(), 'none'),
    )
    .option('--rate-share <part>', "part of the provider's rate limit to use, above 0 up to 1 (default: 0.5)", share)
    .option('--concurrency <n>', 'customers in flight at once', positive, 10)
    .addOption(
      new Option('--format <format>', 'how to print')
        .choices(purpose === 'plan' ? planFormats : formats)
        .default('text'),
    )
    .addOption(new Option('--json', 'same as --format json').conflicts('format'))
    .option('--show <n>', 'print so many customers of each outcome as text; 0 for all', shown, 20)
    .option('--verbose', 'also print what stays as it is, and every note');
}

export function list(value: string): string[] {
  const names = value
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0) throw new InvalidArgumentError('Name at least one.');
  return names;
}

export function collect(value: string, before: string[]): string[] {
  return [...before, ...list(value)];
}

/** A shell makes it hard to type a tab. */
function delimiter(value: string): string {
  return value === 'tab' || value === '\\t' ? '\t' : value;
}

/** Later overlays of the same name are laid over earlier ones. */
function collectOverlay(value: string, before: ReadonlyMap<string, readonly string[]>): Map<string, readonly string[]> {
  const { name, file } = nameAndFile(value);
  return new Map([...before, [name, [...(before.get(name) ?? []), file]]]);
}

/** Reads `autumn=escape-ids.json`. */
export function nameAndFile(value: string): { readonly name: string; readonly file: string } {
  const at = value.indexOf('=');
  if (at < 1 || at === value.length - 1)
    throw new InvalidArgumentError('Write it as provider=file, for example autumn=escape-ids.json.');
  return { name: value.slice(0, at), file: value.slice(at + 1) };
}

/** @throws CustomerSyncError for an overlay that nothing in `--to` would use. */
export function checkOverlayNames(overlays: readonly string[], names: readonly string[]): void {
  const stray = overlays.find((name) => !names.includes(name));
  if (stray === undefined) return;
  throw new CustomerSyncError('config', {
    message: `--overlay names "${stray}", which is not in --to`,
    remedy: `Use one of: ${names.join(', ')}.`,
  });
}

function wholeNumber(value: string, least: number): number {
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= least)) throw new InvalidArgumentError(`Give a whole number of at least ${least}.`);
  return number;
}

/** 0 is no limit. */
function shown(value: string): number {
  return wholeNumber(value, 0) || Number.POSITIVE_INFINITY;
}

export function positive(value: string): number {
  return wholeNumber(value, 1);
}

function share(value: string): number {
  const number = Number(value);
  if (!(number > 0 && number <= 1)) throw new InvalidArgumentError('Give a number above 0 and at most 1.');
  return number;
}
