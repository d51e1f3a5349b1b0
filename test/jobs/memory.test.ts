import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startEmulator } from '../../emulators/lago.js';
import type { Emulator } from '../../emulators/server.js';
import { lago } from '../../integrations/lago/connector.js';
import type { Overlay } from '../../schemas/mapping.js';
import { ownFields } from '../../src/core/mapping/field-ownership.js';
import { openFlow, SUBJECTS } from '../core/upsert/flow.js';
import { accountOf, type Bench, openBench } from './job-under-test.js';

const ANN = { id: 'acct_1', email: 'ann@example.test', name: 'Ann Able', legal_name: 'Able GmbH' };
const BOB = { id: 'acct_2', email: 'bob@example.test', name: 'Bob Baker' };
const subject = SUBJECTS[1];
if (subject === undefined) throw new Error('no subject');

let emulator: Emulator<object>;
let bench: Bench;

beforeAll(async () => {
  emulator = await startEmulator({ rateLimits: false });
});
afterAll(() => emulator.close());
beforeEach(async () => {
  emulator.reset();
  bench = openBench(subject, emulator, [ANN, BOB]);
  await bench.run();
});

function under(overlay: Overlay) {
  const flow = openFlow(emulator, lago, { overlay });
  return { flow, targets: [{ connection: flow.connection, account: accountOf(emulator) }] };
}

it('sends exactly those customers anew whom a changed mapping concerns', async () => {
  const { flow, targets } = under({ fields: { legal_name: { from: 'legal_name', transform: ['upper'] } } });
  const report = await bench.run({}, { targets });
  expect(report.targets).toMatchObject([{ outcomes: { updated: 1, unchanged: 1 }, requests: 1 }]);
  expect(flow.written()).toEqual([{ customer: { external_id: 'acct_1', legal_name: 'ABLE GMBH' } }]);
  expect((await bench.run({}, { targets })).targets).toMatchObject([{ outcomes: { unchanged: 2 }, requests: 0 }]);
});

it('compares every customer when the ledger forgot what was sent, and writes to nobody who is equal', async () => {
  const account = await bench.ledger.bind('lago', accountOf(emulator));
  await bench.ledger.forget('acct_1');
  await bench.ledger.link(account, [
    { customerId: 'acct_1', providerId: String(Reflect.get(emulator.customers()[0] ?? {}, 'lago_id')) },
  ]);
  const report = await bench.run();
  expect(report.targets).toMatchObject([{ outcomes: { unchanged: 2 }, requests: 1 }]);
  expect(bench.flow.steps()).toEqual(['read']);
});

it('does not send for ever what the provider does not keep', async () => {
  bench.table.rows = [{ ...ANN, timezone: 'Europe/Berlin' }];
  await bench.run({ allow: new Set(['shrunk']) });
  expect(bench.events).toContainEqual(
    expect.objectContaining({
      outcome: expect.objectContaining({
        warnings: [expect.objectContaining({ code: 'not_kept', field: 'timezone' })],
      }),
    }),
  );
  const full = await bench.run({ full: true });
  expect(full.targets).toMatchObject([{ outcomes: { unchanged: 1 } }]);
  bench.table.rows = [{ ...ANN, timezone: 'Europe/Paris' }];
  await bench.run({ full: true });
  expect(bench.flow.steps()).toEqual(['read', 'update']);
});

it('sends no field that belongs to somebody else, and sees no change in it', async () => {
  const flow = openFlow(emulator, lago);

  const { reader, writer } = flow.connection;
  const mapping = ownFields(writer.mapping, { ignore: ['legal_name'] }, 'external_id');
  const connection = { ...flow.connection, reader: { ...reader, mapping }, writer: { ...writer, mapping } };
  const targets = [{ connection, account: accountOf(emulator) }];
  bench.table.rows = [{ ...ANN, legal_name: 'Other GmbH' }, BOB];
  expect((await bench.run({}, { targets })).targets).toMatchObject([{ outcomes: { unchanged: 2 }, requests: 0 }]);
});
