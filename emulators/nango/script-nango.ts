import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { ActionError } from './action-error.js';
import { toPublicConnection } from './public-connection.js';
import type { SaveSummary } from './record-store.js';
import { createScriptHttp, type ScriptConnection, type ScriptHttp } from './script-http.js';
import { createScriptRecords, type ScriptRecords } from './script-records.js';
import type { Checkpoint, NangoState } from './state.js';

export interface ScriptLog {
  readonly level: string;
  readonly message: string;
  /** Further arguments of the call. */
  readonly details: readonly unknown[];
}

export interface ScriptNangoOptions extends ScriptConnection {
  readonly state: NangoState;
  /** Checkpoints belong to a script; syncs have more in `nango` than actions. */
  readonly script: { readonly name: string; readonly type: 'action' | 'sync' | 'onEvent' };
  /** Number of the sync's execution. Default: 1. */
  readonly job?: number;
  /** What `nango.triggerAction` does. Default: it is refused. */
  readonly triggerAction?: TriggerAction;
}

export type TriggerAction = (
  call: ScriptConnection & { readonly action: string; readonly input: unknown },
) => Promise<unknown>;

interface SafeParsed {
  readonly success: boolean;
  readonly error?: { readonly issues: readonly { readonly message: string; readonly path: readonly PropertyKey[] }[] };
}

/** What the emulator has of the `nango` object that Nango gives to a script. */
export interface ScriptNango extends ScriptHttp, ScriptRecords {
  readonly connectionId: string;
  readonly providerConfigKey: string;
  readonly ActionError: typeof ActionError;
  log(...parts: unknown[]): Promise<void>;
  zodValidateInput<Parsed extends SafeParsed>(parameters: {
    readonly zodSchema: { safeParse(input: unknown): Parsed };
    readonly input: unknown;
  }): Promise<Parsed>;
  getConnection(providerConfigKey?: string, connectionId?: string): Promise<unknown>;
  getMetadata(): Promise<unknown>;
  setMetadata(metadata: Readonly<Record<string, unknown>>): Promise<unknown>;
  updateMetadata(metadata: Readonly<Record<string, unknown>>): Promise<unknown>;
  getCheckpoint(): Promise<Checkpoint | null>;
  saveCheckpoint(checkpoint: Checkpoint): Promise<void>;
  clearCheckpoint(): Promise<void>;
  tryAcquireLock(lock: { readonly key: string; readonly ttlMs: number }): Promise<boolean>;
  releaseLock(lock: { readonly key: string }): Promise<boolean>;
  releaseAllLocks(): Promise<void>;
  triggerAction(providerConfigKey: string, connectionId: string, action: string, input?: unknown): Promise<unknown>;
}

/** One execution's `nango`, and what is left to look at afterwards. */
export interface ScriptSession {
  readonly nango: ScriptNango;
  /** All of them; Nango shows only warnings and errors unless told otherwise. */
  readonly logs: readonly ScriptLog[];
  readonly summary: ReadonlyMap<string, SaveSummary>;
}

export function createScriptNango(options: ScriptNangoOptions): ScriptSession {
  const { state, script, providerConfigKey, connectionId } = options;
  const connection = state.connections.get(providerConfigKey, connectionId);
  if (connection === undefined) throw new Error(`there is no connection ${connectionId} of ${providerConfigKey}`);
  const logs: ScriptLog[] = [];
  const summary = new Map<string, SaveSummary>();
  const checkpointKey = checkpointKeyOf(connection.id, script);
  const log = async (...parts: unknown[]) => {
    logs.push(toLog(parts));
  };
  const own = { providerConfigKey, connectionId };
  const nango: ScriptNango = {
    ...own,
    ...createScriptHttp(state, own),
    ...createScriptRecords(state, { connection: connection.id, checkpointKey, job: options.job ?? 1, summary }),
    ...createMetadataMembers(state, own),
    ...createCheckpointMembers(state, checkpointKey),
    ...createLockMembers(state),
    ActionError,
    log,
    zodValidateInput: createInputValidator(log),
    async triggerAction(integration, id, action, input) {
      if (options.triggerAction === undefined) throw new Error('nango.triggerAction needs the emulated server');
      return options.triggerAction({ providerConfigKey: integration, connectionId: id, action, input });
    },
  };
  return { nango: asFacade(nango, script.type === 'sync' ? noMembers : membersOfSyncs), logs, summary };
}

/** Where a script's checkpoint is kept. */
export function checkpointKeyOf(connection: number, { name, type }: ScriptNangoOptions['script']): string {
  return `${connection}:${type}:${name}`;
}

function createMetadataMembers(state: NangoState, own: ScriptConnection) {
  const find = (providerConfigKey = own.providerConfigKey, connectionId = own.connectionId) => {
    const connection = state.connections.get(providerConfigKey, connectionId);
    if (connection === undefined) throw new Error(`there is no connection ${connectionId} of ${providerConfigKey}`);
    return connection;
  };
  const answerOf = (status: number, metadata: unknown) => ({
    status,
    data: { metadata, connection_id: own.connectionId, provider_config_key: own.providerConfigKey },
  });
  return {
    async getConnection(providerConfigKey?: string, connectionId?: string) {
      return toPublicConnection(find(providerConfigKey, connectionId), state);
    },
    async getMetadata() {
      return find().metadata;
    },
    async setMetadata(metadata: Readonly<Record<string, unknown>>) {
      state.connections.change(find(), { metadata });
      return answerOf(201, metadata);
    },
    async updateMetadata(metadata: Readonly<Record<string, unknown>>) {
      state.connections.change(find(), { metadata: { ...find().metadata, ...metadata } });
      return answerOf(200, metadata);
    },
  };
}

const checkpointSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

function createCheckpointMembers({ checkpoints }: NangoState, key: string) {
  return {
    async getCheckpoint() {
      return checkpoints.get(key) ?? null;
    },
    async saveCheckpoint(checkpoint: Checkpoint) {
      const parsed = checkpointSchema.safeParse(checkpoint);
      if (!parsed.success) throw new Error(`Error saving checkpoint: ${parsed.error.message}`);
      checkpoints.set(key, parsed.data);
    },
    async clearCheckpoint() {
      checkpoints.delete(key);
    },
  };
}

function createLockMembers({ locks }: NangoState) {
  const owner = randomUUID();
  return {
    async tryAcquireLock({ key, ttlMs }: { readonly key: string; readonly ttlMs: number }) {
      return locks.tryAcquire({ owner, key, ttlMs });
    },
    async releaseLock({ key }: { readonly key: string }) {
      return locks.release({ owner, key });
    },
    async releaseAllLocks() {
      locks.releaseAll(owner);
    },
  };
}

function createInputValidator(log: (...parts: unknown[]) => Promise<void>): ScriptNango['zodValidateInput'] {
  return async ({ zodSchema, input }) => {
    const parsed = zodSchema.safeParse(input);
    if (parsed.success) return parsed;
    for (const { message, path } of parsed.error?.issues ?? []) {
      await log(`Invalid input provided: ${message} at path ${path.join('.')}`, { level: 'error' });
    }
    throw new ActionError({ message: 'Invalid input provided' });
  };
}

const levelSchema = z.looseObject({ level: z.string() });

function toLog(parts: readonly unknown[]): ScriptLog {
  const options = levelSchema.safeParse(parts.at(-1));
  const [message, ...details] = options.success ? parts.slice(0, -1) : parts;
  return {
    level: options.success ? options.data.level : 'info',
    message: typeof message === 'string' ? message : JSON.stringify(message),
    details,
  };
}

const noMembers: ReadonlySet<PropertyKey> = new Set();
const membersOfSyncs: ReadonlySet<PropertyKey> = new Set<keyof ScriptRecords>([
  'batchSave',
  'batchUpdate',
  'batchDelete',
  'trackDeletesStart',
  'trackDeletesEnd',
]);

/** Nango hides its own workings from scripts; what it has and the emulator has not is refused by name. */
function asFacade(nango: ScriptNango, hidden: ReadonlySet<PropertyKey>): ScriptNango {
  return new Proxy(nango, {
    get(target, name) {
      if (Object.hasOwn(target, name) && !hidden.has(name)) return Reflect.get(target, name);
      if (name === 'constructor' || name === '__proto__') throw new Error(`Access to "${name}" is not allowed.`);
      // A promise that resolves with `nango` asks for this one.
      if (name === 'then' || typeof name === 'symbol') return undefined;
      throw new Error(`nango.${name} is not emulated, or Nango does not give it to this kind of script`);
    },
    getPrototypeOf: () => null,
  });
}
