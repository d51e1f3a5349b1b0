import { setTimeout as wait } from 'node:timers/promises';
import { type ConnectionOptions, type ConnectionStore, createConnectionStore } from './connection-store.js';
import { type Integration, type IntegrationOptions, toIntegrations } from './integration.js';
import { createLocks, type Locks } from './locks.js';
import { createRecordStore, type RecordStore } from './record-store.js';
import { createTransport, refusals, type Transport } from './transport.js';

export interface NangoStateOptions {
  readonly integrations: Readonly<Record<string, IntegrationOptions>>;
  readonly connections?: readonly ConnectionOptions[];
  /** Host names and the loopback origins they stand for; see `createTransport`. */
  readonly hosts?: Readonly<Record<string, string>>;
  /** Epoch milliseconds. Default: `Date.now`. */
  readonly now?: () => number;
  /** How Nango waits between its retries. Default: in real time. */
  readonly sleep?: (ms: number) => Promise<void>;
}

export type Checkpoint = Readonly<Record<string, string | number | boolean>>;

/** All that a Nango environment knows and remembers. */
export interface NangoState {
  readonly integrations: ReadonlyMap<string, Integration>;
  readonly connections: ConnectionStore;
  readonly records: RecordStore;
  readonly locks: Locks;
  /** By connection and script. */
  readonly checkpoints: Map<string, Checkpoint>;
  readonly transport: Transport;
  now(): number;
  sleep(ms: number): Promise<void>;
  /** As at the start. */
  reset(): void;
  close(): void;
}

export function createState({
  integrations,
  connections = [],
  hosts = {},
  now = Date.now,
  sleep,
}: NangoStateOptions): NangoState {
  const state: NangoState = {
    integrations: toIntegrations(integrations),
    connections: createConnectionStore(now),
    records: createRecordStore(now),
    locks: createLocks(now),
    checkpoints: new Map(),
    transport: createTransport(hosts),
    now,
    sleep: sleep ?? ((ms) => wait(ms)),
    reset() {
      state.connections.clear();
      state.records.clear();
      state.locks.clear();
      state.checkpoints.clear();
      for (const connection of connections) state.connections.put(connection);
    },
    close() {
      state.transport.close();
    },
  };
  for (const { uniqueKey, baseUrl } of state.integrations.values()) {
    if (state.transport.refusal(baseUrl) !== refusals.outbound) continue;
    throw new Error(
      `${uniqueKey}: the Nango emulator does not leave this machine; name the host of ${baseUrl} in hosts`,
    );
  }
  state.reset();
  return state;
}
