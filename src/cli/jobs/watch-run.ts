import { pino } from 'pino';
import yoctoSpinner from 'yocto-spinner';
import type { Warning } from '../../../schemas/outcome.js';
import type { RunEvent } from '../../jobs/job.js';
import { type Console, canRedraw } from '../console.js';
import { printable } from '../report/values.js';

/** Tells how a run goes on while it does. */
export interface RunWatch {
  event(event: RunEvent): void;
  /** @param to the connection that it is about, if it is about one */
  tell(message: string, to?: string): void;
  end(): void;
}

/** A line of progress on a terminal, else a line of JSON for each event. */
export function watchRun(console: Console, job: string): RunWatch {
  return canRedraw(console) ? progressLine(console, job) : eventLines(console, job);
}

function progressLine({ stderr }: Console, job: string): RunWatch {
  const spinner = yoctoSpinner({ text: job, stream: stderr, handleSignals: false }).start();
  const progress = createProgress(Date.now());
  const say = (text: string) => {
    spinner.clear();
    stderr.write(`${printable(text)}\n`);
  };
  return {
    event(event) {
      if (event.kind === 'notice') say(`note: ${event.message}`);
      progress.note(event);
      spinner.text = `${job}: ${progress.text(Date.now())}`;
    },
    tell: say,
    end: () => spinner.stop(),
  };
}

/** How far a run is: what was tried, of what is to be tried at all targets together. */
export function createProgress(startedAt: number) {
  let total = 0;
  let done = 0;
  let failed = 0;
  let read = 0;
  return {
    note(event: RunEvent): void {
      if (event.kind === 'progress') read = event.done;
      if (event.kind === 'counted') {
        const { unknown, changed, compared, invalid, waiting, leaving } = event.counts;
        total += unknown + changed + compared + invalid + waiting + leaving;
      }
      if (event.kind === 'outcome' || event.kind === 'plan') done += 1;
      if (event.kind === 'outcome' && event.outcome.error !== undefined) failed += 1;
    },
    counts: () => ({ done, total: Math.max(total, done), failed, read }),
    /** `1200 of 80000, 48.2/s, 27 min left, 3 failed` */
    text(now: number): string {
      if (total === 0) return `${read} rows read`;
      const perSecond = done / Math.max(0.001, (now - startedAt) / 1000);
      const parts = [`${done} of ${Math.max(total, done)}`, `${perSecond.toFixed(1)}/s`];
      if (done > 0 && done < total) parts.push(`${timeText((total - done) / perSecond)} left`);
      if (failed > 0) parts.push(`${failed} failed`);
      return parts.join(', ');
    },
  };
}

export function timeText(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 5400) return `${Math.ceil(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

const progressEveryMs = 10_000;
/** Where a setting of ours may hold a secret; none of them is logged, and a mistake shall not show it. */
const secretFields = ['api_key', 'secret_key', 'url', 'webhook', 'credential', 'authorization', 'password'];

/** For whoever collects logs. Customers stand in it with their id and never with a value. */
function eventLines({ stderr }: Console, job: string): RunWatch {
  const log = pino(
    {
      base: { job },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
      redact: { paths: secretFields.flatMap((field) => [field, `*.${field}`]), censor: '***' },
    },
    { write: (line: string) => stderr.write(line) },
  );
  const tell = (message: string, to?: string) =>
    log.warn({ event: 'notice', ...(to !== undefined && { to }) }, message);
  const progress = createProgress(Date.now());
  let lastProgress = Date.now();
  return {
    event(event) {
      progress.note(event);
      if (Date.now() - lastProgress >= progressEveryMs) {
        lastProgress = Date.now();
        log.info({ event: 'progress', ...progress.counts() }, progress.text(lastProgress));
      }
      switch (event.kind) {
        case 'notice':
          return tell(event.message, event.to);
        case 'counted':
          return log.info({ event: 'counted', to: event.to, counts: event.counts }, 'counted');
        case 'outcome':
          return logOutcome(log, event);
        case 'progress':
        case 'plan':
          return undefined;
      }
    },
    tell,
    end: () => log.flush(),
  };
}

/** What a notice says is about the row's keys; other messages are for whoever may see values. */
function warningLine({ code, field, message }: Warning) {
  return { code, field, ...(code === 'notice' && { message }) };
}

function logOutcome(log: pino.Logger, { outcome, isNewFailure }: Extract<RunEvent, { readonly kind: 'outcome' }>) {
  const { customer_id: customerId, to, status, provider_id: providerId, changes, warnings, error, reason } = outcome;
  const line = {
    event: 'outcome',
    to,
    customer_id: customerId,
    status,
    provider_id: providerId,
    changed: changes.map(({ field }) => field),
    ...(warnings.length > 0 && { warnings: warnings.map(warningLine) }),
    ...(reason !== undefined && { reason }),
    ...(error !== undefined && {
      error: {
        code: error.code,
        message: error.message,
        remedy: error.remedy,
        fields: error.fields?.map(({ field }) => field),
      },
    }),
  };
  if (error === undefined) log.info(line, status);
  else log[isNewFailure ? 'error' : 'warn'](line, status);
}
