import { isObject } from '../core/mapping/path.js';
import type { Ledger, Readers } from '../ledger/ledger.js';
import type { Job, JobRow } from './job.js';
import type { LaneRun } from './lane-run.js';
import type { RunJobOptions } from './run-job.js';

export interface JobRows {
  /** Whether they are all that the source has. */
  readonly complete: boolean;
  /** Whether no earlier run has read a part of them. */
  readonly fromStart: boolean;
  /** From the start, as often as needed. */
  read(): AsyncIterable<JobRow>;
}

/** The rows that a run is about: those after its position, all of them, or those of customers to be tried again. */
export async function rowsOf(
  job: Job,
  lanes: readonly LaneRun[],
  ledger: Ledger,
  { retry, full = false }: Pick<RunJobOptions, 'retry' | 'full'>,
): Promise<JobRows> {
  const { source, name } = job;
  if (retry === undefined) {
    const after = source.complete || full ? undefined : await ledger.position(name, readersOf(job, lanes));
    return { complete: source.complete, fromStart: after === undefined, read: () => source.rows({ after }) };
  }
  const failures = await ledger.failures({ job: name, ...retry });
  const ids = [...new Set(failures.map(({ customerId }) => customerId))];
  return { complete: false, fromStart: false, read: () => byIds(job, ids) };
}

/** Who is new, or would make something else of the rows, has read none of them. */
export function readersOf({ source }: Pick<Job, 'source'>, lanes: readonly LaneRun[]): Readers {
  return new Map(lanes.map(({ lane, version }) => [lane.number, `${version} ${source.version}`]));
}

/** The rows of these customers, asked for or picked out. */
export function byIds({ source }: Job, ids: readonly string[]): AsyncIterable<JobRow> {
  if (ids.length === 0) return nobody();
  return source.byIds?.(ids) ?? picked(source.rows(), new Set(ids));
}

async function* nobody(): AsyncGenerator<JobRow> {}

async function* picked(rows: AsyncIterable<JobRow>, ids: ReadonlySet<string>): AsyncGenerator<JobRow> {
  for await (const row of rows) {
    const { position: _, ...rest } = row;
    if (isObject(row.value) && ids.has(String(row.value['id']))) yield rest;
  }
}
