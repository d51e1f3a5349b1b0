import { randomUUID } from 'node:crypto';

/** A connection as given to the emulator. */
export interface ConnectionOptions {
  readonly connectionId: string;
  readonly providerConfigKey: string;
  readonly apiKey: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

export interface Connection extends Required<ConnectionOptions> {
  readonly id: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

type NewConnection = Omit<ConnectionOptions, 'connectionId'> & { readonly connectionId?: string | undefined };

export interface ConnectionStore {
  /** Newest first. */
  all(): Connection[];
  get(providerConfigKey: string, connectionId: string): Connection | undefined;
  /** Adds, or replaces whole what stood under the same id: tags and metadata that are not given again are lost. */
  put(connection: NewConnection): Connection;
  change(connection: Connection, change: Partial<Pick<Connection, 'tags' | 'metadata'>>): void;
  delete(connection: Connection): void;
  clear(): void;
}

export function createConnectionStore(now: () => number): ConnectionStore {
  const connections = new Map<string, Connection>();
  let lastId = 0;
  const timestamp = () => new Date(now()).toISOString();
  const keyOf = (providerConfigKey: string, connectionId: string) => JSON.stringify([providerConfigKey, connectionId]);
  const store = (connection: Connection) => {
    connections.set(keyOf(connection.providerConfigKey, connection.connectionId), connection);
    return connection;
  };

  return {
    all() {
      return [...connections.values()].sort((left, right) => right.id - left.id);
    },
    get(providerConfigKey, connectionId) {
      return connections.get(keyOf(providerConfigKey, connectionId));
    },
    put({ connectionId = randomUUID(), providerConfigKey, apiKey, tags = {}, metadata = {} }) {
      const existing = connections.get(keyOf(providerConfigKey, connectionId));
      if (existing === undefined) lastId += 1;
      return store({
        id: existing?.id ?? lastId,
        connectionId,
        providerConfigKey,
        apiKey,
        tags,
        metadata: inStoredOrder(metadata),
        createdAt: existing?.createdAt ?? timestamp(),
        updatedAt: timestamp(),
      });
    },
    change(connection, { tags = connection.tags, metadata = connection.metadata }) {
      store({ ...connection, tags, metadata: inStoredOrder(metadata), updatedAt: timestamp() });
    },
    delete(connection) {
      connections.delete(keyOf(connection.providerConfigKey, connection.connectionId));
    },
    clear() {
      connections.clear();
      lastId = 0;
    },
  };
}

/** PostgreSQL's jsonb keeps keys by length, then by their bytes. */
function inStoredOrder(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const entries = Object.entries(value).map(
    ([key, item]) => [key, isRecord(item) ? inStoredOrder(item) : item] as const,
  );
  return Object.fromEntries(
    entries.sort(([left], [right]) => Buffer.byteLength(left) - Buffer.byteLength(right) || (left < right ? -1 : 1)),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
