import fc from 'fast-check';
import { expect } from 'vitest';
import type { Fault } from '../../emulators/faults.js';
import type { Emulator } from '../../emulators/server.js';
import { customerSchema } from '../../schemas/customer.js';
import type { Outcome } from '../../schemas/outcome.js';
import type { Host } from '../../src/core/http/host.js';
import { executeUpsert } from '../../src/core/upsert/execute.js';
import { prepareUpsert, type ReadPolicy } from '../../src/core/upsert/prepare.js';
import { createLocalHost } from '../../src/hosts/local-host.js';
import { createConnection } from '../../src/runner/connection.js';
import type { Access, Subject } from '../core/upsert/flow.js';
import type { Account, Held } from './accounts.js';

/** What the source says of a customer now. `extra: null` clears. */
interface Wanted {
  readonly email: string;
  readonly name: string;
  readonly extra?: string | null;
}

/** The reference: the source, and what the provider must hold because of it. */
export interface Model {
  readonly source: Map<string, Wanted>;
  readonly held: Map<string, Held>;
  /** Customers whose last sync did not succeed. */
  readonly unsettled: Set<string>;
  emails: number;
}

/** The engine in front of an emulator, with the one memory that a job keeps: the provider's ids. */
export interface Real {
  readonly access: Access;
  readonly account: Account;
  readonly providerIds: Map<string, string>;
  /** @param dieAt number of the request at which the process dies, and whether that request was answered first */
  sync(id: string, wanted: Wanted, read: ReadPolicy, dieAt?: Death): Promise<Outcome>;
}

interface Death {
  readonly request: number;
  readonly answered: boolean;
}

export class ProcessDied extends Error {
  override readonly name = 'ProcessDied';
}

export function openReal(subject: Subject, emulator: Emulator<object>, access: Access, account: Account): Real {
  const { provider } = subject;
  const { definition } = provider;
  const direct = createLocalHost({ definition, baseUrl: emulator.url, apiKey: emulator.apiKey });
  const providerIds = new Map<string, string>();

  /** A process: dies with its connection, its clock and its locks. */
  function start(death: Death | undefined) {
    let sent = 0;
    let waited = 0;
    const host: Host = {
      ...direct,
      async send(request) {
        sent += 1;
        if (sent !== death?.request) return direct.send(request);
        if (death.answered) await direct.send(request).catch(() => undefined);
        throw new ProcessDied();
      },
      now: () => direct.now() + waited,
      random: () => 0.5,
      async sleep(ms) {
        waited += ms;
      },
    };
    return createConnection({ provider, host, rateShare: 'unpaced' }).writer;
  }

  return {
    access,
    account,
    providerIds,
    async sync(id, { email, name, extra }, read, death) {
      const [first_name, last_name] = name.split(' ');
      const customer = customerSchema.parse({
        ...{ id, email, first_name, last_name },
        ...(extra !== undefined && account.extraFields(extra)),
      });
      const target = start(death);
      const input = { customer, read, providerId: providerIds.get(id) };
      const { outcome } = await executeUpsert(target, input, await prepareUpsert(target, input));
      if (outcome.provider_id !== undefined) providerIds.set(id, outcome.provider_id);
      return outcome;
    },
  };
}

export function newModel(): Model {
  return { source: new Map(), held: new Map(), unsettled: new Set(), emails: 0 };
}

type Command = fc.AsyncCommand<Model, Real>;

/** What the provider must hold of a customer once it is written. */
function after(before: Held | undefined, { email, name, extra }: Wanted, { clearsExtra }: Account): Held {
  if (extra === undefined || (extra === null && !clearsExtra)) return { email, name, extra: before?.extra };
  return { email, name, extra: extra ?? undefined };
}

function heldNow({ access, account }: Real): Held[] {
  return access.emulator.customers().map((record) => account.held(record));
}

/** One sync, and what it says compared with what the provider holds. */
async function syncAndCheck(model: Model, real: Real, id: string, read: ReadPolicy, death?: Death): Promise<void> {
  const wanted = model.source.get(id);
  if (wanted === undefined) return;
  const before = model.held.get(id);
  const target = after(before, wanted, real.account);
  let hasDied = false;
  const outcome = await real.sync(id, wanted, read, death).catch(async (error: unknown) => {
    if (!(error instanceof ProcessDied)) throw error;
    hasDied = true;
    // The next process does first what the last one left undone.
    return real.sync(id, wanted, read);
  });
  const isDone = ['created', 'updated', 'unchanged'].includes(outcome.status);
  const others = [...model.held].filter(([other]) => other !== id).map(([, held]) => held);
  const now = heldNow(real);
  const isWritten = sameSet(now, [...others, target]);
  const isAsBefore = sameSet(now, [...others, ...(before === undefined ? [] : [before])]);
  if (isDone) expect(now, `${id}: ${outcome.status}`).toEqual(expect.arrayContaining([...others, target]));
  expect(now.length, `${id}: ${outcome.status}: no second customer`).toBeLessThanOrEqual(others.length + 1);
  // "Failed" is a promise that this process wrote nothing, but for what the outcome itself tells.
  const wasPartly = outcome.warnings.some(({ message }) => message.includes('before this failed'));
  const promises = !isDone && !hasDied && outcome.status !== 'uncertain' && !wasPartly;
  if (promises) expect(isAsBefore, JSON.stringify(outcome)).toBe(true);
  expect(isWritten || isAsBefore || wasPartly, JSON.stringify({ now, before, target, outcome })).toBe(true);
  if (isDone) model.unsettled.delete(id);
  else model.unsettled.add(id);
  if (isWritten) model.held.set(id, target);
}

const sameSet = (one: readonly Held[], other: readonly Held[]): boolean =>
  JSON.stringify(one.map(asText).sort()) === JSON.stringify(other.map(asText).sort());
const asText = ({ email, name, extra }: Held): string => JSON.stringify([email, name, extra ?? null]);

const IDS = ['c1', 'c2', 'c3'];

interface Change {
  readonly name?: string;
  readonly extra?: string | null;
  readonly renamesEmail?: boolean;
}

/** Changes the source, and syncs; a customer that is new is created. */
function change(id: string, { name, extra, renamesEmail }: Change, read: ReadPolicy, death?: Death): Command {
  return {
    check: (model) => renamesEmail !== true || (model.source.has(id) && !model.unsettled.has(id)),
    async run(model, real) {
      const known = model.source.get(id);
      model.emails += 1;
      const email = known === undefined || renamesEmail ? `${id}.${model.emails}@example.test` : known.email;
      model.source.set(id, {
        email,
        name: name ?? known?.name ?? 'Ada Byron',
        ...(extra === undefined ? known?.extra !== undefined && { extra: known.extra } : { extra }),
      });
      await syncAndCheck(model, real, id, read, death);
    },
    toString: () => `change(${JSON.stringify({ id, name, extra, renamesEmail, read, death })})`,
  };
}

/** Faults are ours alone: other programs meet none. */
function editElsewhere(id: string, name: string): Command {
  return {
    check: ({ held }) => held.has(id),
    async run({ held }, real) {
      const stored = held.get(id);
      if (stored === undefined) return;
      real.access.emulator.faults.clear();
      await real.account.rename(real.access, id, stored, name);
      held.set(id, { ...stored, name });
    },
    toString: () => `editElsewhere(${id}, ${name})`,
  };
}

function deleteElsewhere(id: string): Command {
  return {
    check: ({ held }) => held.has(id),
    async run({ held }, real) {
      const stored = held.get(id);
      if (stored === undefined) return;
      real.access.emulator.faults.clear();
      await real.account.remove(real.access, id, stored);
      held.delete(id);
    },
    toString: () => `deleteElsewhere(${id})`,
  };
}

function fault(injected: Fault, times: number, skipped: number): Command {
  return {
    check: () => true,
    async run(_model, { access }) {
      access.emulator.faults.clear();
      access.emulator.faults.add(injected, { times, after: skipped });
    },
    toString: () => `fault(${JSON.stringify(injected)}, ${times}, after ${skipped})`,
  };
}

/** A run without faults, after which source and provider agree. */
export async function settle(model: Model, real: Real): Promise<void> {
  real.access.emulator.faults.clear();
  for (const id of model.source.keys()) await syncAndCheck(model, real, id, 'always');
  expect([...model.unsettled]).toEqual([]);
}

export const FAULTS: readonly Fault[] = [
  { kind: 'reset' },
  { kind: 'reset', commit: true },
  { kind: 'truncate' },
  { kind: 'respond', status: 500 },
  { kind: 'respond', status: 504, commit: true },
  { kind: 'respond', status: 429 },
  { kind: 'respond', status: 401 },
  { kind: 'respond', status: 422 },
  { kind: 'respond', status: 200, body: '{"error":"x"}' },
  { kind: 'respond', status: 200, body: '{"error":"x"}', commit: true },
  { kind: 'respond', status: 200, commit: true },
];

const anyId = fc.constantFrom(...IDS);
const anyRead = fc.constantFrom<ReadPolicy>('always', 'when_required');
const anyName = fc.constantFrom('Ada Byron', 'Ada King', 'Grace Hopper', "Mary O'Neil");
const anyExtra = fc.constantFrom('+493012345678', '+493087654321');
const anyDeath = fc.record({ request: fc.integer({ min: 1, max: 4 }), answered: fc.boolean() });

export const anyCommands = (maxCommands: number) =>
  fc.commands(
    [
      fc.tuple(anyId, anyName, anyRead).map(([id, name, read]) => change(id, { name }, read)),
      fc.tuple(anyId, anyExtra, anyRead).map(([id, extra, read]) => change(id, { extra }, read)),
      fc.tuple(anyId, anyRead).map(([id, read]) => change(id, { extra: null }, read)),
      fc.tuple(anyId, anyRead).map(([id, read]) => change(id, { renamesEmail: true }, read)),
      fc.tuple(anyId, anyName, anyRead, anyDeath).map(([id, name, read, death]) => change(id, { name }, read, death)),
      fc.tuple(anyId, anyName).map(([id, name]) => editElsewhere(id, name)),
      anyId.map(deleteElsewhere),
      fc
        .tuple(fc.constantFrom(...FAULTS), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 2 }))
        .map(([injected, times, skipped]) => fault(injected, times, skipped)),
    ],
    { maxCommands, size: 'max' },
  );
