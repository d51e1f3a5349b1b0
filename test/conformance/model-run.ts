import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Emulator } from '../../emulators/server.js';
import { type Access, openFlow, type Subject } from '../core/upsert/flow.js';
import { ACCOUNTS, type Account } from './accounts.js';
import { agree, anyJobCommands, newJobModel, openJob } from './job-model.js';
import { anyMirrorCommands, mirror, newMirrorModel } from './mirror-model.js';
import { anyCommands, newModel, openReal, settle } from './model.js';

interface Size {
  readonly sequences: number;
  readonly maxCommands: number;
}

interface Stage {
  readonly emulator: Emulator<object>;
  readonly access: Access;
  readonly account: Account;
}

interface Histories<Model extends object, Real> {
  readonly title: string;
  readonly sequences: number;
  readonly commands: fc.Arbitrary<Iterable<fc.AsyncCommand<Model, Real>>>;
  readonly newModel: () => Model;
  readonly open: (stage: Stage) => Real;
  /** What must hold in the end. */
  readonly end: (model: Model, real: Real) => Promise<void>;
  readonly close?: (real: Real) => void;
  /** For each history; a model that sends nothing proves nothing. */
  readonly minRequests: number;
}

/** Random histories of one account, each step compared with a reference. */
export function checkModel(subject: Subject, { sequences, maxCommands }: Size): void {
  checkHistories(subject, {
    title: `holds what the source says after ${sequences} random histories of customers`,
    sequences,
    commands: anyCommands(maxCommands),
    newModel,
    open: ({ emulator, access, account }) => openReal(subject, emulator, access, account),
    end: settle,
    minRequests: 4,
  });
}

/** The same for a job with its ledger, run after run, in processes that may die. */
export function checkJobModel(subject: Subject, { sequences, maxCommands }: Size): void {
  checkHistories(subject, {
    title: `holds what the source says after ${sequences} random histories of a job`,
    sequences,
    commands: anyJobCommands(maxCommands),
    newModel: newJobModel,
    open: ({ emulator, access, account }) => openJob(subject, emulator, access, account),
    end: agree,
    close: (real) => real.remove(),
    minRequests: 1,
  });
}

/** The same for a job that mirrors, whose customers come, leave and come back. */
export function checkMirrorModel(subject: Subject, { sequences, maxCommands }: Size): void {
  checkHistories(subject, {
    title: `is the mirror of the source after ${sequences} random histories`,
    sequences,
    commands: anyMirrorCommands(maxCommands),
    newModel: newMirrorModel,
    open: ({ emulator, access, account }) => openJob(subject, emulator, access, account),
    end: mirror,
    close: (real) => real.remove(),
    minRequests: 1,
  });
}

function checkHistories<Model extends object, Real extends object>(
  subject: Subject,
  { title, sequences, commands, newModel, open, end, close, minRequests }: Histories<Model, Real>,
): void {
  let emulator: Emulator<object> | undefined;
  beforeAll(async () => {
    emulator = await subject.start();
  });
  afterAll(() => emulator?.close());

  it(title, async () => {
    const account = ACCOUNTS[subject.id];
    if (emulator === undefined || account === undefined) throw new Error(`${subject.id} is not among the accounts`);
    const stage = { emulator, account, access: openFlow(emulator, subject.provider) };
    let requests = 0;
    await fc.assert(
      fc.asyncProperty(commands, async (history) => {
        stage.emulator.reset();
        const [model, real] = [newModel(), open(stage)];
        try {
          await fc.asyncModelRun(() => ({ model, real }), history);
          await end(model, real);
        } finally {
          close?.(real);
        }
        requests += stage.emulator.requests.length;
      }),
      { numRuns: sequences },
    );
    expect(requests).toBeGreaterThan(sequences * minRequests);
  });
}
