import yoctoSpinner from 'yocto-spinner';
import { builtInProviders } from '../../integrations/registry.js';
import { normaliseCustomer } from '../normalise/normalise-customer.js';
import type { SourceRow } from '../runner/row.js';
import { createRunner, type RowResult, type Runner } from '../runner/runner.js';
import { type CustomerSource, openSource } from '../sources/open-source.js';
import { type Console, isTerminal, say } from './console.js';
import type { Format, RunFlags } from './options.js';
import { createCsvReport } from './report/csv.js';
import { createJsonReport } from './report/json.js';
import { createMarkdownReport } from './report/markdown.js';
import type { Report } from './report/report.js';
import { createTally, type Summary } from './report/summary.js';
import { createTextReport } from './report/text.js';
import { filterRows } from './rows.js';
import { type CliTarget, openTargets } from './targets.js';

/** Everything a command needs to go from a file to the providers. */
export interface Session {
  readonly runner: Runner;
  readonly targets: readonly CliTarget[];
  readonly source: CustomerSource;
  rows(): AsyncIterable<SourceRow>;
}

/** @throws CustomerSyncError for everything that makes a run impossible: nothing was sent then. */
export async function openSession(console: Console, file: string, flags: RunFlags, offline: boolean): Promise<Session> {
  const runner = createRunner({ providers: builtInProviders });
  const targets = openTargets(flags.to, {
    runner,
    env: console.env,
    offline,
    rateShare: flags.rateShare,
    overlays: flags.overlay,
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
  for (const notice of source.notices) say(console, `note: ${notice}`);
  return {
    runner,
    targets,
    source,
    rows: () => filterRows(source.rows(), { ids: new Set(flags.id), limit: flags.limit }),
  };
}

export function createReport(
  { stdout }: Console,
  { format, json, verbose }: { format: Format; json?: true; verbose?: true },
): Report {
  switch (json ? 'json' : format) {
    case 'json':
      return createJsonReport();
    case 'csv':
      return createCsvReport();
    case 'markdown':
      return createMarkdownReport();
    case 'text':
      return createTextReport({ stdout, verbose: verbose === true });
  }
}

interface Printing {
  readonly console: Console;
  readonly results: AsyncIterable<RowResult>;
  readonly targets: readonly CliTarget[];
  /** Absent: counts only, nothing is printed. */
  readonly report?: Report | undefined;
  readonly label: string;
  readonly onRow?: (row: RowResult) => void;
}

/** Prints results as they come and counts them. A line of progress runs on a terminal. */
export async function printResults({ console, results, targets, report, label, onRow }: Printing): Promise<Summary> {
  const tally = createTally(targets);
  const progress = isTerminal(console.stderr)
    ? yoctoSpinner({ text: label, stream: console.stderr }).start()
    : undefined;
  const startedAt = Date.now();
  let done = 0;
  try {
    for await (const result of results) {
      tally.add(result);
      onRow?.(result);
      done += 1;
      const text = report?.row(result) ?? '';
      if (text !== '') {
        // The progress line and the report may share the screen.
        if (progress !== undefined && isTerminal(console.stdout)) progress.clear();
        await writeText(console.stdout, text);
      }
      if (progress !== undefined) progress.text = `${label}: ${done} customers, ${rate(done, startedAt)}/s`;
    }
  } finally {
    progress?.stop();
  }
  return tally.summary();
}

function rate(done: number, startedAt: number): string {
  return (done / Math.max(0.001, (Date.now() - startedAt) / 1000)).toFixed(1);
}

/** Waits while the reader of a pipe is slow, so that a long report does not fill the memory. */
export async function writeText(stream: NodeJS.WriteStream, text: string): Promise<void> {
  if (stream.write(text)) return;
  await new Promise<void>((resolve) => stream.once('drain', resolve));
}
