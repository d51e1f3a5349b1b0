import yoctoSpinner from 'yocto-spinner';
import type { OpenedConnection } from '../connections/open-connections.js';
import type { RowResult } from '../runner/runner.js';
import { type Console, canRedraw, isTerminal, say } from './console.js';
import type { Format } from './options.js';
import { createCsvReport } from './report/csv.js';
import { createHtmlReport } from './report/html/html-report.js';
import { createJsonReport } from './report/json.js';
import { createMarkdownReport } from './report/markdown.js';
import { createPlanText } from './report/plan-text.js';
import type { Report, RunHead } from './report/report.js';
import { createTally, customersText, interruptedText, type Summary } from './report/summary.js';
import { createTextReport } from './report/text.js';

export interface ReportFlags {
  readonly format: Format;
  readonly json?: true;
  readonly verbose?: true;
  readonly show: number;
  readonly showValues?: true;
}

export function createReport({ stdout }: Console, flags: ReportFlags, mode: RunHead['mode']): Report {
  const { format, json, show } = flags;
  const verbose = flags.verbose === true;
  const text = { stdout, verbose, show };
  switch (json ? 'json' : format) {
    case 'json':
      return createJsonReport();
    case 'csv':
      return createCsvReport();
    case 'markdown':
      return createMarkdownReport();
    case 'html':
      return createHtmlReport({ showValues: flags.showValues === true, verbose, now: new Date() });
    case 'text':
      return mode === 'apply' ? createTextReport(text) : createPlanText(text);
  }
}

/** What an interrupt left, where the report has no place for it: a table of customers. */
export function sayInterrupted(console: Console, { format, json }: ReportFlags, summary: Summary): void {
  if (!summary.interrupted || json || format !== 'csv') return;
  for (const target of summary.targets) say(console, `${target.to}: ${interruptedText(target)}`);
}

interface Printing {
  readonly report: Report;
  readonly head: Omit<RunHead, 'targets'>;
  readonly print: (text: string) => Promise<void>;
}

interface Run {
  readonly console: Console;
  readonly results: AsyncIterable<RowResult>;
  readonly targets: readonly OpenedConnection[];
  /** Absent: results are counted only. */
  readonly printing?: Printing;
  readonly label: string;
  readonly onRow?: (row: RowResult) => void;
  /** Has ended the results early when it is aborted. Absent: Ctrl-C ends the program. */
  readonly signal?: AbortSignal;
}

/** Prints results as they come and counts them. A line of progress runs on a terminal. */
export async function printResults(run: Run): Promise<Summary> {
  const { console, results, targets, printing, label, onRow, signal } = run;
  const tally = createTally(targets);
  const summaryNow = (): Summary => ({ ...tally.summary(), ...(signal?.aborted && { interrupted: true }) });
  const startedAt = Date.now();
  let done = 0;
  await printing?.print(printing.report.head({ ...printing.head, targets }));
  const progress = canRedraw(console)
    ? yoctoSpinner({ text: label, stream: console.stderr, handleSignals: signal === undefined }).start()
    : undefined;
  try {
    for await (const result of results) {
      tally.add(result);
      onRow?.(result);
      done += 1;
      const text = printing?.report.row(result) ?? '';
      if (text !== '') {
        // The progress line and the report may share the screen.
        if (progress !== undefined && isTerminal(console.stdout)) progress.clear();
        await printing?.print(text);
      }
      if (progress !== undefined) progress.text = `${label}: ${customersText(done)}, ${rate(done, startedAt)}/s`;
    }
  } finally {
    progress?.stop();
    // A source that breaks half-way ends the run, and what was done until then must be told all the same.
    await printing?.print(printing.report.foot(summaryNow()));
  }
  return summaryNow();
}

function rate(done: number, startedAt: number): string {
  return (done / Math.max(0.001, (Date.now() - startedAt) / 1000)).toFixed(1);
}
