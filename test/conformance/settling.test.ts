import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fault } from '../../emulators/faults.js';
import type { Emulator } from '../../emulators/server.js';
import { JOE, openFlow, SUBJECTS } from '../core/upsert/flow.js';
import { type Fate, settle, type Write } from './settling.js';
import { archivesByProviderId, openLocal } from './ways.js';

const FAULTS: Readonly<Record<Fate, readonly Fault[]>> = {
  answered: [{ kind: 'delay', ms: 0 }],
  limited: [{ kind: 'respond', status: 429 }],
  lost: [{ kind: 'reset' }, { kind: 'respond', status: 500 }, { kind: 'respond', status: 408 }],
  landed: [
    { kind: 'reset', commit: true },
    { kind: 'respond', status: 504, commit: true },
    { kind: 'respond', status: 200, commit: true },
    { kind: 'truncate' },
  ],
  misread: [{ kind: 'respond', status: 200, body: '{"error":"x"}' }],
  'misread, landed': [{ kind: 'respond', status: 200, body: '{"error":"x"}', commit: true }],
};
const fates: readonly Fate[] = ['answered', 'limited', 'lost', 'landed', 'misread', 'misread, landed'];

const anyFate = fc
  .constantFrom(...fates)
  .chain((fate) => fc.record({ fate: fc.constant(fate), fault: fc.constantFrom(...FAULTS[fate]) }));
/** Long rows of one fate, which random ones hardly ever hold, are what uses the attempts up. */
const anyFates = fc
  .array(fc.tuple(anyFate, fc.constantFrom(1, 1, 1, 3, 5)), { maxLength: 8 })
  .map((rows) => rows.flatMap(([one, count]) => Array.from({ length: count }, () => one)));

describe.each(SUBJECTS)('$id', (subject) => {
  const { provider, safeCreate, names } = subject;
  let emulator: Emulator<object>;
  beforeAll(async () => {
    emulator = await subject.start();
  });
  afterAll(() => emulator.close());

  const { reads, unique } = provider.definition.identity;
  const lags = reads === 'eventual' && !unique;
  const look = { confirms: lags, lags };
  const writes: readonly Write[] = [
    { operation: 'create', isSafe: safeCreate, ...look },
    { operation: 'update', isSafe: true, ...look },
    ...(provider.connector.archive === undefined
      ? []
      : [{ operation: 'archive', isSafe: true, looksUp: archivesByProviderId(provider) } as const]),
  ];

  it.each(writes)('settles every uncertain $operation as the state machine says', async (write) => {
    const { operation } = write;
    const { call } = openFlow(emulator, provider);
    const way = openLocal({ provider, apiKey: emulator.apiKey, baseUrl: emulator.url });
    await fc.assert(
      fc.asyncProperty(anyFates, async (given) => {
        emulator.reset();
        if (operation !== 'create') await subject.createElsewhere({ emulator, call }, JOE.first_name);
        emulator.requests.length = 0;
        for (const { fault } of given) emulator.faults.add(fault);
        const { steps, done, ...expected } = settle(
          write,
          given.map(({ fate }) => fate),
        );
        const wanted = operation === 'update' ? { ...JOE, last_name: 'Smith' } : JOE;
        const result = operation === 'archive' ? await way.archive?.(JOE.id, JOE.id) : await way.upsert(wanted);
        expect({ status: result?.status, code: result?.code }).toEqual({ code: undefined, ...expected });
        expect(emulator.requests).toHaveLength(steps.length);
        const before = operation === 'create' ? [] : ['Joe Bloggs'];
        const after = operation === 'archive' ? [] : [`Joe ${wanted.last_name}`];
        expect(names(emulator)).toEqual(done ? after : before);
      }),
      { numRuns: 40 },
    );
  });
});
