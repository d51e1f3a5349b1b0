import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { accountKey } from '../../config/field-owners.js';
import { CustomerSyncError, isCustomerSyncError } from '../../core/errors.js';
import type { Ledger } from '../../ledger/ledger.js';
import { runSchedules, type ScheduledJob } from '../../schedule/run-schedules.js';
import { parseSchedule } from '../../schedule/schedule.js';
import { withCode } from '../code-hint.js';
import { type Console, say } from '../console.js';
import { definitions } from '../definitions.js';
import { exitCode } from '../exit-code.js';
import { listenForInterrupt } from '../interrupt.js';
import { addConfigOption, type ConfigFlag, openContext } from '../jobs/job-options.js';
import { type JobContext, readLedger, writeLedger } from '../jobs/open-job.js';
import { runOne } from '../jobs/run-one.js';
import { summaryText } from '../jobs/summary.js';
import { positive } from '../options.js';
import { writeText } from '../output.js';

interface ServeFlags extends ConfigFlag {
  readonly firstRun?: true;
  readonly concurrency: number;
}

export function addServe(command: Command, console: Console, version: string, finish: (code: number) => void): void {
  addConfigOption(command)
    .option('--first-run', 'make the ledger if it is not there yet')
    .option('--concurrency <n>', 'customers in flight at once at each connection', positive, 10)
    .addHelpText(
      'after',
      `
A job whose time passed while nothing was served runs once at the start. Jobs that write to one account run one after
another, all others at the same time. Between runs the ledger is free for other commands.`,
    )
    .action(async (flags: ServeFlags) => finish(await serve(console, version, flags)));
}

async function serve(console: Console, version: string, flags: ServeFlags): Promise<number> {
  const context = openContext(console, version, flags);
  const ledgers = createLedgerSharing(context);
  // Fails at once where the ledger cannot be used, and makes it on the first run.
  await ledgers.use(flags.firstRun === true, async () => {});
  const jobs = await scheduledJobs(context);
  const interrupt = listenForInterrupt(console);
  const { signal } = interrupt;
  const { concurrency } = flags;
  try {
    await runSchedules(jobs, {
      signal,
      now: Date.now,
      sleep: (ms, ended) => sleep(ms, undefined, { signal: ended }).catch(() => {}),
      onNext: (name, at) => say(console, `${name}: next run at ${new Date(at).toISOString()}`),
      async run(name) {
        try {
          const report = await ledgers.use(false, (ledger) => runOne(context, name, { ledger, concurrency, signal }));
          await writeText(console.stdout, summaryText(report));
        } catch (error) {
          // Its next time may be a better one; the other jobs go on.
          if (!isCustomerSyncError(error)) throw error;
          context.tell(`${name} could not run: ${withCode(error.message, error.code)}\n  -> ${error.details.remedy}`);
        }
      },
    });
    return interrupt.code ?? exitCode.done;
  } finally {
    interrupt.stopListening();
  }
}

async function scheduledJobs(context: JobContext): Promise<ScheduledJob[]> {
  const { settings, file } = context.configuration;
  const { jobs = {}, connections = {} } = settings;
  const ledger = readLedger(context);
  const scheduled: ScheduledJob[] = [];
  for (const [name, { schedule, timezone, to }] of Object.entries(jobs)) {
    if (schedule === undefined) continue;
    const [last] = await ledger.runs({ job: name, limit: 1 });
    scheduled.push({
      name,
      schedule: parseSchedule(schedule, timezone),
      lastStart: last === undefined ? undefined : Date.parse(last.startedAt),
      accounts: to.flatMap((target) => connections[target] ?? []).map((settings) => accountKey(settings, definitions)),
    });
  }
  await ledger.close();
  if (scheduled.length > 0) return scheduled;
  throw new CustomerSyncError('config', {
    message: `${file}: no job has a schedule`,
    remedy: 'Give a job "schedule: every 15m" or a cron expression, or run it with: customer-sync run <job>.',
  });
}

/** One writer for all jobs that run at the same time, and none while nothing runs. */
function createLedgerSharing(context: JobContext) {
  let open: Ledger | undefined;
  let users = 0;
  return {
    async use<T>(firstRun: boolean, work: (ledger: Ledger) => Promise<T>): Promise<T> {
      open ??= writeLedger(context, 'serve', firstRun);
      const ledger = open;
      users += 1;
      try {
        return await work(ledger);
      } finally {
        users -= 1;
        if (users === 0) {
          open = undefined;
          await ledger.close();
        }
      }
    },
  };
}
