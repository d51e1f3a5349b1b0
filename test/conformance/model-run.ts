import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Emulator } from '../../emulators/server.js';
import { openFlow, type Subject } from '../core/upsert/flow.js';
import { ACCOUNTS } from './accounts.js';
import { anyCommands, newModel, openReal, settle } from './model.js';

interface Size {
  readonly sequences: number;
  readonly maxCommands: number;
}

/** Random histories of one account, each step compared with a reference. */
export function checkModel(subject: Subject, { sequences, maxCommands }: Size): void {
  let emulator: Emulator<object>;
  beforeAll(async () => {
    emulator = await subject.start();
  });
  afterAll(() => emulator.close());

  it(`holds what the source says after ${sequences} random histories`, async () => {
    const account = ACCOUNTS[subject.id];
    if (account === undefined) throw new Error(`${subject.id} is not among the accounts`);
    const access = openFlow(emulator, subject.provider);
    let steps = 0;
    await fc.assert(
      fc.asyncProperty(anyCommands(maxCommands), async (commands) => {
        emulator.reset();
        const [model, real] = [newModel(), openReal(subject, emulator, access, account)];
        await fc.asyncModelRun(() => ({ model, real }), commands);
        await settle(model, real);
        steps += emulator.requests.length;
      }),
      { numRuns: sequences },
    );
    // A model that sends nothing proves nothing.
    expect(steps).toBeGreaterThan(sequences * 4);
  });
}
