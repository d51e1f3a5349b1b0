import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Emulator } from '../../emulators/server.js';
import { openFlow, type Subject } from '../core/upsert/flow.js';
import { ACCOUNTS } from './accounts.js';
import { agree, anyJobCommands, newJobModel, openJob } from './job-model.js';
import { anyMirrorCommands, mirror, newMirrorModel } from './mirror-model.js';
import { anyCommands, newModel, openReal, settle } from './model.js';

interface Size {
  readonly sequences: number;
  readonly maxCommands: number;
}

/** Random histories of one account, each step compared with a reference. */
export function checkModel(subject: Subject, { sequences, maxCommands }: Size): void {
  const opened = openEmulator(subject);

  it(`holds what the source says after ${sequences} random histories of customers`, async () => {
    const { emulator, access, account } = opened();
    let requests = 0;
    await fc.assert(
      fc.asyncProperty(anyCommands(maxCommands), async (commands) => {
        emulator.reset();
        const [model, real] = [newModel(), openReal(subject, emulator, access, account)];
        await fc.asyncModelRun(() => ({ model, real }), commands);
        await settle(model, real);
        requests += emulator.requests.length;
      }),
      { numRuns: sequences },
    );
    // A model that sends nothing proves nothing.
    expect(requests).toBeGreaterThan(sequences * 4);
  });
}

/** The same for a job with its ledger, run after run, in processes that may die. */
export function checkJobModel(subject: Subject, { sequences, maxCommands }: Size): void {
  const opened = openEmulator(subject);

  it(`holds what the source says after ${sequences} random histories of a job`, async () => {
    const { emulator, access, account } = opened();
    let requests = 0;
    await fc.assert(
      fc.asyncProperty(anyJobCommands(maxCommands), async (commands) => {
        emulator.reset();
        const [model, real] = [newJobModel(), openJob(subject, emulator, access, account)];
        try {
          await fc.asyncModelRun(() => ({ model, real }), commands);
          await agree(model, real);
        } finally {
          real.remove();
        }
        requests += emulator.requests.length;
      }),
      { numRuns: sequences },
    );
    expect(requests).toBeGreaterThan(sequences);
  });
}

/** The same for a job that mirrors, whose customers come, leave and come back. */
export function checkMirrorModel(subject: Subject, { sequences, maxCommands }: Size): void {
  const opened = openEmulator(subject);

  it(`is the mirror of the source after ${sequences} random histories`, async () => {
    const { emulator, access, account } = opened();
    let requests = 0;
    await fc.assert(
      fc.asyncProperty(anyMirrorCommands(maxCommands), async (commands) => {
        emulator.reset();
        const [model, real] = [newMirrorModel(), openJob(subject, emulator, access, account)];
        try {
          await fc.asyncModelRun(() => ({ model, real }), commands);
          await mirror(model, real);
        } finally {
          real.remove();
        }
        requests += emulator.requests.length;
      }),
      { numRuns: sequences },
    );
    expect(requests).toBeGreaterThan(sequences);
  });
}

function openEmulator(subject: Subject) {
  let emulator: Emulator<object> | undefined;
  beforeAll(async () => {
    emulator = await subject.start();
  });
  afterAll(() => emulator?.close());
  return () => {
    const account = ACCOUNTS[subject.id];
    if (emulator === undefined || account === undefined) throw new Error(`${subject.id} is not among the accounts`);
    return { emulator, account, access: openFlow(emulator, subject.provider) };
  };
}
