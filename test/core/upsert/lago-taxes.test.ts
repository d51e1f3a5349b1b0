import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type LagoEmulator, startEmulator } from '../../../emulators/lago.js';
import { lago } from '../../../integrations/lago/connector.js';
import { type Flow, JOE, openFlow } from './flow.js';

// Where the billing entity manages EU taxes, Lago adds a tax of its own to those of a customer, in the same list.

const taxed = (...codes: string[]) => ({ ...JOE, provider_fields: { lago: { tax_codes: codes } } });
let emulator: LagoEmulator;
let flow: Flow<LagoEmulator>;
const taxes = () => emulator.customers().flatMap((customer) => customer.taxes.map(({ code }) => code));

beforeAll(async () => {
  emulator = await startEmulator({ rateLimits: false, managesEuTaxes: true, taxCodes: ['green', 'blue'] });
});
afterAll(() => emulator.close());
beforeEach(() => {
  emulator.reset();
  flow = openFlow(emulator, lago);
});

it("Lago's own tax is no difference, and no value that was not kept", async () => {
  expect(await flow.given(taxed('green'))).toMatchObject({ status: 'created', warnings: [] });
  expect(taxes()).toEqual(['green', 'lago_eu_fr_standard']);
  expect(await flow.upsert(taxed('green'))).toMatchObject({ status: 'unchanged', warnings: [] });
  expect(flow.steps()).toEqual(['read']);
});

it("Lago's own tax is sent along with a change, since Lago would remove it", async () => {
  await flow.given(taxed('green'));
  const outcome = await flow.upsert(taxed('blue'));
  expect(outcome).toMatchObject({ status: 'updated', warnings: [] });
  expect(outcome.changes).toMatchObject([{ from: ['green'], to: ['blue'] }]);
  expect(flow.written()).toEqual([{ customer: { external_id: JOE.id, tax_codes: ['blue', 'lago_eu_fr_standard'] } }]);
  expect(taxes()).toEqual(['blue', 'lago_eu_fr_standard']);
});

it("one of Lago's own that is asked for by name is compared like any other", async () => {
  await flow.given(taxed('green', 'lago_eu_fr_standard'));
  expect(await flow.upsert(taxed('green', 'lago_eu_fr_standard'))).toMatchObject({ status: 'unchanged' });
  expect(await flow.upsert(taxed('green', 'lago_eu_tax_exempt'))).toMatchObject({ status: 'updated', warnings: [] });
  expect(taxes()).toEqual(['green', 'lago_eu_tax_exempt', 'lago_eu_fr_standard']);
});

it('the last tax of ours is taken away, and the one of Lago stays', async () => {
  await flow.given(taxed('green'));
  expect(await flow.upsert(taxed())).toMatchObject({ status: 'updated', warnings: [] });
  expect(taxes()).toEqual(['lago_eu_fr_standard']);
  expect(await flow.upsert(taxed())).toMatchObject({ status: 'unchanged' });
});
