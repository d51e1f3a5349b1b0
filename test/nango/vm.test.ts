import { Nango } from '@nangohq/node';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ActionError } from '../../emulators/nango/action-error.js';
import { type LoadedScript, loadScript } from '../../emulators/nango/runtime.js';
import { createScriptNango, type ScriptSession } from '../../emulators/nango/script-nango.js';
import { createState, type NangoState } from '../../emulators/nango/state.js';
import { type NangoEmulator, startNangoEmulator } from '../../emulators/nango.js';
import { type RechargeEmulator, startEmulator } from '../../emulators/recharge.js';
import { rechargeConnection, rechargeIntegration } from '../fixtures/nango/recharge-integration.js';

const customer = { id: 'u1', email: 'jo@acme.example', first_name: 'Jo', last_name: 'Doe' };

let recharge: RechargeEmulator;
let upsert: LoadedScript;
let state: NangoState;

beforeAll(async () => {
  upsert = await loadScript(
    new URL('../../integrations/build/recharge_actions_upsert-customers.cjs', import.meta.url).pathname,
  );
  recharge = await startEmulator({ rateLimits: false });
  state = createState({
    integrations: { recharge: rechargeIntegration(recharge.url) },
    connections: [rechargeConnection(recharge.apiKey)],
  });
});

beforeEach(() => {
  recharge.reset();
  state.reset();
});

afterAll(async () => {
  state.close();
  await recharge.close();
});

describe('the compiled action upsert-customers of Recharge in Nango’s runtime', () => {
  it('creates, then finds nothing to change, then updates', async () => {
    const created = await run(customer);
    expect(created).toMatchObject({ action: 'create', outcome: 'created', response: { email: customer.email } });
    expect(writes()).toEqual(['POST /customers']);

    const again = await run(customer);
    expect(again).toMatchObject({ action: 'update', outcome: 'unchanged' });
    expect(writes()).toEqual(['POST /customers']);

    const [stored] = recharge.customers();
    const updated = await run({ ...customer, last_name: 'Roe' });
    expect(updated).toMatchObject({ action: 'update', outcome: 'updated', response: { last_name: 'Roe' } });
    expect(writes()).toEqual(['POST /customers', `PUT /customers/${stored?.id}`]);
    expect(recharge.customers()).toMatchObject([{ email: customer.email, last_name: 'Roe' }]);
  });

  it('sends the connection’s key and the runner’s user agent', async () => {
    await run(customer);
    for (const { headers } of recharge.requests) {
      expect(headers).toMatchObject({
        'x-recharge-access-token': recharge.apiKey,
        'user-agent': expect.stringMatching(/^nango-node-client\/0\.71\.4 \(/),
      });
    }
  });

  it('throws an ActionError that tells what Recharge answered, and releases its lock', async () => {
    recharge.faults.add({ kind: 'respond', status: 401, body: '{"error":"bad authentication"}' }, { times: 99 });
    const failure = await run(customer).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ActionError);
    expect(failure).toMatchObject({ payload: { code: 'auth', customer_id: 'u1', status: 401 } });

    recharge.faults.clear();
    await expect(run(customer)).resolves.toMatchObject({ outcome: 'created' });
  });

  it('refuses an input that is no customer before any request, and names the field', async () => {
    const session = open();
    const failure = await upsert
      .exec(session.nango, { id: 'u1', email: 'no address' })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ActionError);
    expect(failure).toMatchObject({
      payload: { code: 'invalid_customer', customer_id: 'u1', fields: [{ field: 'email' }] },
    });
    expect(session.logs).toMatchObject([{ level: 'error', message: expect.stringContaining('at path email') }]);
    expect(recharge.requests).toEqual([]);
  });

  it('writes nothing while another execution holds the lock of the same customer', async () => {
    const other = open();
    await other.nango.tryAcquireLock({ key: 'customer-sync:recharge:conn-1:u1', ttlMs: 60_000 });
    await expect(run(customer)).rejects.toMatchObject({ payload: { code: 'unavailable' } });
    expect(recharge.requests).toEqual([]);
  });
});

describe('the same action triggered through the emulated Nango server', () => {
  let emulator: NangoEmulator;
  let nango: Nango;

  beforeAll(async () => {
    emulator = await startNangoEmulator({
      integrations: { recharge: rechargeIntegration(recharge.url) },
      connections: [rechargeConnection(recharge.apiKey)],
      scripts: [upsert],
    });
    nango = new Nango({ apiKey: emulator.secretKey, host: emulator.url });
  });

  afterAll(() => emulator.close());

  it('creates, and answers the second time that nothing changed', async () => {
    const trigger = () => nango.triggerAction('recharge', 'conn-1', 'upsert-customers', customer);
    expect(await trigger()).toMatchObject({ action: 'create', outcome: 'created' });
    expect(await trigger()).toMatchObject({ action: 'update', outcome: 'unchanged' });
    expect(recharge.customers()).toHaveLength(1);
  });

  it('gives its result later when it is asynchronous', async () => {
    const { id } = await nango.triggerActionAsync('recharge', 'conn-1', 'upsert-customers', customer);
    await emulator.idle();
    expect(await nango.getAsyncActionResult({ id })).toMatchObject({ outcome: 'created' });
  });

  it('fails with the payload that the script chose', async () => {
    recharge.faults.add({ kind: 'respond', status: 401, body: '{"error":"bad authentication"}' }, { times: 99 });
    await expect(nango.triggerAction('recharge', 'conn-1', 'upsert-customers', customer)).rejects.toMatchObject({
      response: {
        status: 500,
        data: { error: { code: 'action_script_runtime_error', payload: { code: 'auth', customer_id: 'u1' } } },
      },
    });
  });
});

function open(): ScriptSession {
  return createScriptNango({ state, providerConfigKey: 'recharge', connectionId: 'conn-1', script: upsert });
}

function run(input: object): Promise<unknown> {
  return upsert.exec(open().nango, input);
}

function writes(): string[] {
  return recharge.requests.filter(({ method }) => method !== 'GET').map(({ method, target }) => `${method} ${target}`);
}
