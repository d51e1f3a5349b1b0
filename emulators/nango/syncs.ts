import { randomUUID } from 'node:crypto';
import type { Connection } from './connection-store.js';
import type { Environment } from './environment.js';
import { parseFrequency } from './frequency.js';
import type { SaveSummary } from './record-store.js';
import type { NangoScript } from './script.js';
import { checkpointKeyOf } from './script-nango.js';

/** One sync of one connection, with the script that is deployed now. */
export interface Sync {
  readonly script: NangoScript;
  readonly connection: Connection;
  readonly state: SyncState;
}

interface SyncState {
  readonly id: string;
  schedule: 'STARTED' | 'PAUSED';
  frequency: string | undefined;
  latest: SyncJob | undefined;
}

interface SyncJob {
  readonly number: number;
  status: 'RUNNING' | 'SUCCESS' | 'STOPPED';
  result: Readonly<Record<string, SaveSummary>>;
  updatedAt: string;
}

export interface Syncs {
  /** The syncs of an integration's connections, or of one of them. */
  of(providerConfigKey: string, connectionId?: string): Sync[];
  /** Runs a sync after what was put off before. Schedules are not kept: a sync runs only when it is triggered. */
  trigger(sync: Sync, options: { readonly reset: boolean; readonly emptyCache: boolean }): void;
  toPublic(sync: Sync): Record<string, unknown>;
  reset(): void;
}

export function createSyncs(environment: Environment): Syncs {
  const { state } = environment;
  const states = new Map<string, SyncState>();
  let jobs = 0;
  const timestamp = () => new Date(state.now()).toISOString();

  /** A sync comes to be with its connection; here, when it is first asked for. */
  const stateOf = ({ name, autoStart }: NangoScript, { id }: Connection): SyncState => {
    const key = `${id} ${name}`;
    const kept = states.get(key) ?? {
      id: randomUUID(),
      schedule: autoStart === true ? 'STARTED' : 'PAUSED',
      frequency: undefined,
      latest: undefined,
    };
    states.set(key, kept);
    return kept;
  };

  return {
    of(providerConfigKey, connectionId) {
      const scripts = environment
        .scripts()
        .filter(({ integration, type }) => integration === providerConfigKey && type === 'sync');
      return state.connections
        .all()
        .filter((connection) => connection.providerConfigKey === providerConfigKey)
        .filter((connection) => connectionId === undefined || connection.connectionId === connectionId)
        .flatMap((connection) => scripts.map((script) => ({ script, connection, state: stateOf(script, connection) })));
    },
    trigger({ script, connection, state: sync }, { reset, emptyCache }) {
      jobs += 1;
      const job: SyncJob = { number: jobs, status: 'RUNNING', result: {}, updatedAt: timestamp() };
      sync.latest = job;
      environment.later(async () => {
        if (reset) state.checkpoints.delete(checkpointKeyOf(connection.id, script));
        if (emptyCache) {
          for (const model of script.models ?? []) state.records.empty({ connection: connection.id, model });
        }
        const { result, summary } = await environment.run(script, connection, { job: job.number });
        job.status = result.ok ? 'SUCCESS' : 'STOPPED';
        job.result = Object.fromEntries(summary);
        job.updatedAt = timestamp();
      });
    },
    toPublic: (sync) => toPublic(sync, environment),
    reset() {
      states.clear();
      jobs = 0;
    },
  };
}

function toPublic({ script, connection, state: sync }: Sync, { state }: Environment): Record<string, unknown> {
  const { id, schedule, frequency, latest } = sync;
  const every = frequency ?? script.frequency ?? 'every hour';
  const { seconds } = parseFrequency(every) ?? { seconds: 3_600 };
  const counts = (script.models ?? []).map((model) => [model, countOf(model, connection, state)]);
  return {
    id,
    connection_id: connection.connectionId,
    type: 'INITIAL',
    // Keys without a value are left out of the answer.
    finishedAt: latest === undefined || latest.status === 'RUNNING' ? undefined : latest.updatedAt,
    nextScheduledSyncAt: schedule === 'PAUSED' ? null : new Date(state.now() + seconds * 1_000).toISOString(),
    name: script.name,
    variant: 'base',
    status: statusOf(schedule, latest?.status),
    frequency: every,
    latestResult: latest?.result,
    latestExecutionStatus: latest?.status,
    recordCount: Object.fromEntries(counts),
    checkpoint: state.checkpoints.get(checkpointKeyOf(connection.id, script)) ?? null,
  };
}

function countOf(model: string, { id }: Connection, { records }: Environment['state']): number {
  return records.list({ connection: id, model }).filter(({ deletedAt }) => deletedAt === null).length;
}

function statusOf(schedule: SyncState['schedule'], job: SyncJob['status'] | undefined): string {
  if (job === 'RUNNING') return 'RUNNING';
  if (schedule === 'PAUSED') return 'PAUSED';
  return job === 'STOPPED' ? 'ERROR' : 'SUCCESS';
}
