import fc from 'fast-check';
import { expect } from 'vitest';
import type { Fault } from '../../emulators/faults.js';
import type { Job } from '../../src/jobs/job.js';
import { anyDeath, anyFault, type Death, heldNow, type Real, type Row } from './job-model.js';

/** The reference: the source. Whoever is in it and not deleted is at the provider after a run, and nobody else. */
interface Model {
  readonly source: Map<string, Row>;
  emails: number;
}

export const newMirrorModel = (): Model => ({ source: new Map(), emails: 0 });

type Command = fc.AsyncCommand<Model, Real>;

interface Run {
  readonly mode: Job['mode'];
  readonly fault?: { readonly fault: Fault; readonly times: number; readonly after: number };
  readonly death?: Death;
}

const live = ({ source }: Model) => [...source].filter(([, { deleted }]) => deleted !== true);

function checkMirrored(model: Model, real: Real): void {
  const wanted = live(model).map(([, { email, name }]) => ({ email, name }));
  const held = heldNow(real).map(({ email, name }) => ({ email, name }));
  const byEmail = (one: { email: string }, other: { email: string }) => one.email.localeCompare(other.email);
  expect(held.sort(byEmail)).toEqual(wanted.sort(byEmail));
}

/** Whatever happens: one customer is one record. */
function checkNobodyTwice(real: Real): void {
  const ids = heldNow(real).map(({ email }) => email.split('.')[0]);
  expect(new Set(ids).size, JSON.stringify(ids)).toBe(ids.length);
}

function come(id: string, name: string): Command {
  return {
    check: () => true,
    async run(model) {
      model.emails += 1;
      const { deleted: _, ...known } = model.source.get(id) ?? { email: `${id}.${model.emails}@example.test` };
      model.source.set(id, { ...known, name });
    },
    toString: () => `come(${id}, ${name})`,
  };
}

function leave(id: string, isDeleted: boolean): Command {
  return {
    check: ({ source }) => source.has(id),
    async run({ source }) {
      const row = source.get(id);
      if (row !== undefined && isDeleted) source.set(id, { ...row, deleted: true });
      else source.delete(id);
    },
    toString: () => (isDeleted ? `tombstone(${id})` : `leave(${id})`),
  };
}

function run({ mode, fault, death }: Run): Command {
  return {
    check: () => true,
    async run(model, real) {
      const { emulator } = real.access;
      if (fault !== undefined) emulator.faults.add(fault.fault, { times: fault.times, after: fault.after });
      const isDone = await real.run(model.source, { mode, ...(death !== undefined && { death }) });
      emulator.faults.clear();
      checkNobodyTwice(real);
      if (fault === undefined && death === undefined) expect(isDone, 'a run without faults').toBe(true);
      if (isDone && mode === 'mirror') checkMirrored(model, real);
    },
    toString: () => `run(${JSON.stringify({ mode, fault, death })})`,
  };
}

const anyId = fc.constantFrom('c1', 'c2', 'c3');
const anyName = fc.constantFrom('Ada Byron', 'Grace Hopper', "Mary O'Neil");
const coming = fc.tuple(anyId, anyName).map(([id, name]) => come(id, name));

export const anyMirrorCommands = (maxCommands: number) =>
  fc.commands(
    [
      coming,
      coming,
      fc.tuple(anyId, fc.boolean()).map(([id, isDeleted]) => leave(id, isDeleted)),
      fc.constant(run({ mode: 'mirror' })),
      // Only who mirrors writes down creates that could be repeated, so this one must not be in doubt.
      fc.constant(run({ mode: 'upsert' })),
      anyFault.map((fault) => run({ mode: 'mirror', fault })),
      anyDeath.map((death) => run({ mode: 'mirror', death })),
    ],
    { maxCommands, size: 'max' },
  );

/** A last run, after which the provider is the source's mirror, and another has nothing to ask or to send. */
export async function mirror(model: Model, real: Real): Promise<void> {
  const { emulator } = real.access;
  expect(await real.run(model.source, { mode: 'mirror' })).toBe(true);
  checkMirrored(model, real);
  const before = emulator.requests.length;
  expect(await real.run(model.source, { mode: 'mirror' })).toBe(true);
  expect(emulator.requests.length - before).toBe(0);
}
