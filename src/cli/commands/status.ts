import type { Command } from 'commander';
import type { RunLine } from '../../ledger/ledger.js';
import { parseSchedule } from '../../schedule/schedule.js';
import type { Console } from '../console.js';
import { addConfigOption, type ConfigFlag, openContext } from '../jobs/job-options.js';
import { jobSettings, readLedger } from '../jobs/open-job.js';
import { targetText } from '../jobs/summary.js';
import { positive } from '../options.js';
import { writeText } from '../output.js';
import { printable, safeJson } from '../report/values.js';

interface StatusFlags extends ConfigFlag {
  readonly limit: number;
  readonly json?: true;
}

interface JobStatus {
  readonly job: string;
  readonly next_run?: string;
  readonly runs: readonly RunLine[];
}

export function addStatus(command: Command, console: Console, version: string): void {
  addConfigOption(command.argument('[job...]', 'these only'))
    .option('--limit <n>', 'runs of each job', positive, 1)
    .option('--json', 'print as JSON, with the whole reports')
    .action(async (names: string[], flags: StatusFlags) => {
      const context = openContext(console, version, flags);
      const jobs = names.length > 0 ? names : Object.keys(context.configuration.settings.jobs ?? {});
      const ledger = readLedger(context);
      const statuses: JobStatus[] = [];
      for (const job of jobs) {
        const { schedule, timezone } = jobSettings(context.configuration, job);
        const runs = await ledger.runs({ job, limit: flags.limit });
        const last = runs[0] === undefined ? Date.now() : Date.parse(runs[0].startedAt);
        const next = schedule === undefined ? undefined : parseSchedule(schedule, timezone).next(last);
        statuses.push({ job, ...(next !== undefined && { next_run: new Date(next).toISOString() }), runs });
      }
      await ledger.close();
      const text = flags.json ? `${safeJson(statuses)}\n` : statuses.map(statusText).join('');
      await writeText(console.stdout, text);
    });
}

function statusText({ job, next_run: next, runs }: JobStatus): string {
  const when = next === undefined ? '' : `, due ${next}`;
  if (runs.length === 0) return `${job}: never ran${when}\n`;
  return `${job}${when}\n${runs.map(runText).join('')}`;
}

/** A run without a report goes on, or was killed; the next one takes its work up. */
function runText({ run, startedAt, report }: RunLine): string {
  if (report === undefined) return `  run ${run} of ${startedAt}: goes on, or was killed\n`;
  const { ended, reason, targets } = report;
  return [
    `  run ${run} of ${startedAt}: ${ended}${reason === undefined ? '' : `: ${reason}`}`,
    ...targets.map((target) => `    ${targetText(target)}`),
  ]
    .map((line) => `${printable(line)}\n`)
    .join('');
}
