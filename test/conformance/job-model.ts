import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Fault } from '../../emulators/faults.js';
import type { Emulator } from '../../emulators/server.js';
import type { Host } from '../../src/core/http/host.js';
import { createLocalHost } from '../../src/hosts/local-host.js';
import { guardNames, type Job } from '../../src/jobs/job.js';
import { runJob } from '../../src/jobs/run-job.js';
import { openLedger } from '../../src/ledger/sqlite/open-ledger.js';
import { createConnection } from '../../src/runner/connection.js';
import type { Access, Subject } from '../core/upsert/flow.js';
import { accountOf, rowOf } from '../jobs/job-under-test.js';
import { searchFolder, watchEmulator } from '../security/watch.js';
import type { Account, Held } from './accounts.js';
import { FAULTS, ProcessDied } from './model.js';

export interface Row {
  readonly email: string;
  readonly name: string;
  readonly extra?: string | null;
  readonly deleted?: boolean;
}

/** What may stand in a field: more than one value where it is not the job's to say. */
interface Allowed {
  readonly email: ReadonlySet<string>;
  readonly name: ReadonlySet<string>;
  readonly extra: ReadonlySet<string | undefined>;
  /** Where it cannot be cleared, any value that it ever had may have stayed. */
  readonly everExtra: ReadonlySet<string | undefined>;
  /** Deleted at the provider, and not changed in the source since: both are right. */
  readonly isGone: boolean;
}

interface Standing {
  readonly names: ReadonlySet<string>;
  readonly isGone: boolean;
}

/** The reference: the source, and what the provider may hold because of it. */
interface Model {
  readonly source: Map<string, Row>;
  readonly allowed: Map<string, Allowed>;
  /** Rows that the ledger may hold as settled: of the last run that was done, and of those since that were not. */
  readonly settled: Map<string, readonly Row[]>;
  /** What the provider held after the last run that was done, and what others have made of it since. */
  readonly standing: Map<string, Standing>;
  emails: number;
}

/** At which write the process dies, and whether that one was carried out. */
export interface Death {
  readonly write: number;
  readonly answered: boolean;
}

interface OneRun {
  readonly full?: boolean;
  /** When the process ends. */
  readonly death?: Death | undefined;
  readonly mode?: Job['mode'];
}

/** A job from the source to an emulator, with a ledger that outlives its processes. */
export interface Real {
  readonly access: Access;
  readonly account: Account;
  /** One run in a process of its own. Answers whether it came to its end, and everybody is as wanted. */
  run(source: ReadonlyMap<string, Row>, options: OneRun): Promise<boolean>;
  remove(): void;
}

export function openJob(subject: Subject, emulator: Emulator<object>, access: Access, account: Account): Real {
  const { provider } = subject;
  const { definition } = provider;
  const folder = mkdtempSync(join(tmpdir(), 'customer-sync-'));
  const unwatch = watchEmulator(emulator);
  const direct = createLocalHost({ definition, baseUrl: emulator.url, apiKey: emulator.apiKey });
  let now = Date.parse('2026-11-21T06:00:00Z');

  function hostThat(death: Death | undefined): Host {
    let written = 0;
    let isDead = false;
    return {
      ...direct,
      async send(request) {
        if (definition.operations[request.operation]?.read === false) written += 1;
        if (death === undefined || written < death.write) return direct.send(request);
        // The dead send nothing more, be it in another place at the same time.
        const isLast = !isDead;
        isDead = true;
        if (isLast && death.answered) await direct.send(request).catch(() => undefined);
        throw new ProcessDied();
      },
      random: () => 0.5,
      sleep: () => Promise.resolve(),
    };
  }

  return {
    access,
    account,
    async run(source, { full = false, death, mode = 'upsert' }) {
      // Whatever failed is due again.
      now += 7 * 24 * 3_600_000;
      const connection = createConnection({ provider, host: hostThat(death), rateShare: 'unpaced' });
      const job: Job = {
        name: 'nightly',
        mode,
        archive: { allowed: true, consents: ['end_subscriptions'] },
        targets: [{ connection, account: accountOf(emulator) }],
        source: {
          name: 'customers',
          complete: true,
          version: '1',
          async *rows() {
            for (const [id, row] of source) yield rowOf(customerOf(id, row, account), id);
          },
        },
      };
      const ledger = openLedger({ path: join(folder, 'ledger.db'), env: {}, mode: 'write', now: () => now });
      try {
        const report = await runJob(job, { ledger, full, allow: new Set(guardNames), now: () => now });
        expect(report.ended, report.reason).not.toBe('refused');
        return report.ended === 'done' && report.targets.every(({ failing }) => failing === 0);
      } catch (error) {
        if (error instanceof ProcessDied) return false;
        throw error;
      } finally {
        await ledger.close();
      }
    },
    remove() {
      searchFolder(folder);
      unwatch();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function customerOf(id: string, { email, name, extra, deleted }: Row, account: Account): Record<string, unknown> {
  const [first_name, last_name] = name.split(' ');
  return { ...{ id, email, first_name, last_name, deleted }, ...(extra !== undefined && account.extraFields(extra)) };
}

export const newJobModel = (): Model => ({
  source: new Map(),
  allowed: new Map(),
  settled: new Map(),
  standing: new Map(),
  emails: 0,
});

type Command = fc.AsyncCommand<Model, Real>;

export const heldNow = ({ access, account }: Real): Held[] =>
  access.emulator.customers().map((record) => account.held(record));

function fits({ email, name, extra }: Held, allowed: Allowed): boolean {
  return allowed.email.has(email) && allowed.name.has(name) && allowed.extra.has(extra);
}

/** After a run in which nothing failed: everybody is there, as the source says, and nobody twice. */
function check(model: Model, real: Real): void {
  const now = heldNow(real);
  const unexpected = now.filter((held) => ![...model.allowed.values()].some((allowed) => fits(held, allowed)));
  const missing = [...model.allowed].filter(
    ([, allowed]) => !allowed.isGone && !now.some((held) => fits(held, allowed)),
  );
  expect({ unexpected, missing: missing.map(([id]) => id) }, JSON.stringify(now)).toEqual({
    unexpected: [],
    missing: [],
  });
  expect(now.length, JSON.stringify(now)).toBeLessThanOrEqual(model.source.size);
}

/** Everything the source says of a customer, once the job has had a reason to send all of it. */
function exactly({ email, name, extra }: Row, before: Allowed | undefined, { clearsExtra }: Account): Allowed {
  const everExtra = new Set([...(before?.everExtra ?? [undefined]), extra ?? undefined]);
  const isKept = extra === undefined || (extra === null && !clearsExtra);
  return {
    email: new Set([email]),
    name: new Set([name]),
    extra: isKept ? everExtra : new Set([extra ?? undefined]),
    everExtra,
    isGone: false,
  };
}

/** Whether a job has nothing to send for a row that was settled as another. */
function isNoChange(settled: Row, { email, name, extra }: Row, { clearsExtra }: Account): boolean {
  const isExtraKept = extra === settled.extra || extra === undefined || (extra === null && !clearsExtra);
  return email === settled.email && name === settled.name && isExtraKept;
}

/** Takes down what a run has left. */
function noteRun({ source, settled, standing }: Model, real: Real, isDone: boolean): void {
  const now = heldNow(real);
  for (const [id, row] of source) {
    settled.set(id, isDone ? [row] : [...(settled.get(id) ?? []), row]);
    if (!isDone) continue;
    const held = now.find(({ email }) => email.startsWith(`${id}.`));
    standing.set(id, { names: new Set(held === undefined ? [] : [held.name]), isGone: held === undefined });
  }
}

function change(id: string, given: Partial<Row>, renamesEmail: boolean): Command {
  return {
    check: ({ source }) => !renamesEmail || source.has(id),
    async run(model, real) {
      const known = model.source.get(id);
      model.emails += 1;
      const row: Row = {
        name: 'Ada Byron',
        ...known,
        ...given,
        email: known === undefined || renamesEmail ? `${id}.${model.emails}@example.test` : known.email,
      };
      model.source.set(id, row);
      const next = exactly(row, model.allowed.get(id), real.account);
      const settled = model.settled.get(id) ?? [];
      const { names, isGone } = model.standing.get(id) ?? { names: [], isGone: false };
      // What is as it was settled need not be sent, so it may still be as somebody else has made it.
      const mayKeepName = settled.some(({ name }) => name === row.name);
      model.allowed.set(id, {
        ...next,
        name: new Set([row.name, ...(mayKeepName ? names : [])]),
        isGone: isGone && settled.some((one) => isNoChange(one, row, real.account)),
      });
    },
    toString: () => `change(${JSON.stringify({ id, ...given, renamesEmail })})`,
  };
}

interface Run {
  readonly full: boolean;
  readonly fault?: { readonly fault: Fault; readonly times: number; readonly after: number } | undefined;
  readonly death?: Death | undefined;
}

/** A run. Where it met a fault or died, the source may change before the next one. */
function run({ full, fault, death }: Run): Command {
  return {
    check: ({ source }) => source.size > 0,
    async run(model, real) {
      const { emulator } = real.access;
      if (fault !== undefined) emulator.faults.add(fault.fault, { times: fault.times, after: fault.after });
      const isDone = await real.run(model.source, { full, death });
      emulator.faults.clear();
      expect(heldNow(real).length, JSON.stringify(heldNow(real))).toBeLessThanOrEqual(model.source.size);
      if (fault === undefined && death === undefined) expect(isDone, 'a run without faults').toBe(true);
      if (isDone && full) {
        for (const [id, row] of model.source) model.allowed.set(id, exactly(row, model.allowed.get(id), real.account));
      }
      if (isDone) check(model, real);
      noteRun(model, real, isDone);
    },
    toString: () => `run(${JSON.stringify({ full, fault, death })})`,
  };
}

function elsewhere(id: string, name: string | undefined): Command {
  return {
    check: ({ allowed }) => allowed.get(id)?.isGone === false,
    async run({ allowed, source, standing }, real) {
      const [row, before] = [source.get(id), allowed.get(id)];
      const held = heldNow(real).find(
        (one) => before !== undefined && row !== undefined && one.email.startsWith(`${id}.`),
      );
      if (before === undefined || held === undefined) return;
      if (name === undefined) {
        await real.account.remove(real.access, id, held);
        allowed.set(id, { ...before, isGone: true });
        standing.set(id, { names: standing.get(id)?.names ?? new Set(), isGone: true });
      } else {
        await real.account.rename(real.access, id, held, name);
        allowed.set(id, { ...before, name: new Set([...before.name, name]) });
        const { names = [], isGone = false } = standing.get(id) ?? {};
        standing.set(id, { names: new Set([...names, name]), isGone });
      }
    },
    toString: () => (name === undefined ? `deleteElsewhere(${id})` : `editElsewhere(${id}, ${name})`),
  };
}

const anyId = fc.constantFrom('c1', 'c2');
// No two share a first or a last name, which some providers keep apart.
const anyName = fc.constantFrom('Ada Byron', 'Grace Hopper', "Mary O'Neil");
const anyRun = fc.record({ full: fc.constantFrom(false, false, true) });
/** A refusal stands until the customer changes, so the next run would not try again. */
export const passing = FAULTS.filter((fault) => fault.kind !== 'respond' || fault.status !== 422);
export const anyFault = fc.record({
  fault: fc.constantFrom(...passing),
  times: fc.integer({ min: 1, max: 12 }),
  after: fc.integer({ min: 0, max: 4 }),
});
export const anyDeath = fc.record({ write: fc.integer({ min: 1, max: 2 }), answered: fc.boolean() });
const rename = anyId.map((id) => change(id, {}, true));
const deadly = fc.tuple(anyRun, anyDeath).map(([usual, death]) => run({ ...usual, death }));

export const anyJobCommands = (maxCommands: number) =>
  fc.commands(
    [
      fc.tuple(anyId, anyName).map(([id, name]) => change(id, { name }, false)),
      fc
        .tuple(anyId, fc.constantFrom('+493012345678', '+493087654321', null))
        .map(([id, extra]) => change(id, { extra }, false)),
      rename,
      // Twice as often: who dies while it creates a customer and then finds it renamed must not create it again.
      rename,
      fc.tuple(anyId, fc.constantFrom('Rosa Luz', 'Emmy Noether')).map(([id, name]) => elsewhere(id, name)),
      anyId.map((id) => elsewhere(id, undefined)),
      anyRun.map(run),
      fc.tuple(anyRun, anyFault).map(([usual, fault]) => run({ ...usual, fault })),
      deadly,
      deadly,
    ],
    { maxCommands, size: 'max' },
  );

/** A last full run, after which source and provider agree. */
export async function agree(model: Model, real: Real): Promise<void> {
  if (model.source.size === 0) return;
  expect(await real.run(model.source, { full: true })).toBe(true);
  for (const [id, row] of model.source) model.allowed.set(id, exactly(row, model.allowed.get(id), real.account));
  check(model, real);
  expect(heldNow(real)).toHaveLength(model.source.size);
}
