import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { NangoScript } from '../../emulators/nango/script.js';
import type { ConnectionSettings } from '../../schemas/connection.js';
import type { Outcome } from '../../schemas/outcome.js';
import { openConnections } from '../../src/connections/open-connections.js';
import { type CustomerSyncError, isCustomerSyncError } from '../../src/core/errors.js';
import { serve } from '../hosts/loopback.js';
import { collect } from '../runner/shelf.js';
import { compiled, type NangoStage, openNangoStage, runner } from './nango-stage.js';

let stage: NangoStage;

beforeAll(async () => {
  stage = await openNangoStage({ providers: ['lago', 'autumn'] });
});
beforeEach(() => stage.reset());
afterAll(() => stage.close());

const proxied = { provider: 'lago', via: 'nango-proxy', connection_id: 'acme', rate_share: 1 } as const;
const byAction = { ...proxied, via: 'nango-action' } as const;
const customer = { id: 'u-1', email: 'joe@example.test', name: 'Joe' };

interface Said {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

/** What the opening says instead of opening anything. */
async function refusal(settings: ConnectionSettings, env: Record<string, string> = {}): Promise<Said> {
  const options = { runner, env: { ...stage.env, ...env }, offline: false };
  const error = await openConnections(new Map([['x', settings]]), options).then(
    () => expect.fail('it was opened'),
    (thrown: unknown) => thrown,
  );
  return said(error);
}

function said(error: unknown): Said {
  if (!isCustomerSyncError(error)) throw error;
  const { code, message, details }: CustomerSyncError = error;
  return { code, message, remedy: details.remedy };
}

async function outcome(settings: ConnectionSettings, mode: 'apply' | 'dryRun' = 'apply'): Promise<Outcome> {
  const opened = await openConnections(new Map([['x', settings]]), { runner, env: stage.env, offline: false });
  const connections = opened.map(({ connection }) => connection);
  const [result] = await collect(runner[mode](connections, [{ value: customer }]));
  const [first] = result?.results ?? [];
  return first?.kind === 'outcome' ? first.outcome : expect.fail('it was planned');
}

const everything: Said[] = [];
/** Whoever reads a message must know which of the causes it was, and what to do. */
function expectOwnWords(found: Said): void {
  expect(everything.map(({ message }) => message)).not.toContain(found.message);
  everything.push(found);
}

describe('before anything is sent to a provider', () => {
  it.each<[string, ConnectionSettings, Record<string, string>, Said]>([
    [
      'no key',
      proxied,
      { NANGO_SECRET_KEY: '' },
      {
        code: 'config',
        message: 'there is no key for Nango: NANGO_SECRET_KEY is not set',
        remedy: "Set NANGO_SECRET_KEY to the key of one environment, found in Nango's environment settings.",
      },
    ],
    [
      'a key with a line break',
      proxied,
      { NANGO_SECRET_KEY: 'a\nb' },
      {
        code: 'config',
        message: 'the secret key for Nango is empty or has spaces, line breaks or other characters that no key has',
        remedy: "Set NANGO_SECRET_KEY to the key of one environment, found in Nango's environment settings.",
      },
    ],
    [
      'the key of nobody',
      proxied,
      { NANGO_SECRET_KEY: '11111111-1111-4111-8111-111111111111' },
      {
        code: 'auth',
        message: 'Nango does not accept the secret key',
        remedy: "Check NANGO_SECRET_KEY: it is the key of one environment, found in Nango's environment settings.",
      },
    ],
    [
      'a connection that is not there',
      { ...proxied, connection_id: 'nobody' },
      {},
      {
        code: 'config',
        message: 'Nango has no connection "nobody" for the integration "lago"',
        remedy: 'Create the connection in Nango, or correct its id.',
      },
    ],
    [
      'an integration that was not created',
      { ...byAction, integration: 'lago-eu' },
      {},
      {
        code: 'config',
        message: 'Nango has no integration "lago-eu"',
        remedy: 'Create the integration in Nango, or correct its name.',
      },
    ],
    [
      'tags that no connection has',
      { provider: 'lago', via: 'nango-proxy', select: { tags: { plan: 'gold', region: 'eu' } } },
      {},
      {
        code: 'config',
        message: 'Nango has no connection of the integration "lago" with the tags plan=gold, region=eu',
        remedy: 'Give the connections these tags in Nango, or correct the tags here.',
      },
    ],
    [
      'an address that is no URL',
      proxied,
      { NANGO_HOST: 'nango' },
      {
        code: 'config',
        message: 'the address of Nango is not usable',
        remedy:
          'Set NANGO_HOST to an https URL such as https://api.nango.dev, without a query. Plain http is accepted for this machine, and within your own network if the connection says "allow_http: true" or CUSTOMER_SYNC_ALLOW_HTTP is 1.',
      },
    ],
    [
      'an address where nothing listens',
      proxied,
      { NANGO_HOST: 'http://127.0.0.1:1' },
      {
        code: 'unavailable',
        message: 'Nango cannot be reached (ECONNREFUSED)',
        remedy: 'Check NANGO_HOST and the network, then run again. Nothing was written.',
      },
    ],
    [
      'an overlay file that is not there',
      { ...proxied, overlay: 'nowhere.json' },
      {},
      {
        code: 'config',
        message: 'nowhere.json: there is no such file',
        remedy: 'An overlay is a JSON file with "fields" or "remove" in it.',
      },
    ],
  ])('%s', async (_, settings, env, expected) => {
    const found = await refusal(settings, env);
    expect(found).toEqual(expected);
    expectOwnWords(found);
    expect(stage.emulator('lago').requests).toEqual([]);
  });

  it('a key that is no key of Nango at all is refused like one of nobody', async () => {
    expect(await refusal(proxied, { NANGO_SECRET_KEY: 'sk_live_123' })).toMatchObject({
      code: 'auth',
      message: 'Nango does not accept the secret key',
    });
  });

  it('an integration that was not created, looked for by tags', async () => {
    const settings = {
      provider: 'lago',
      via: 'nango-action',
      integration: 'nope',
      select: { tags: { a: 'b' } },
    } as const;
    expect((await refusal(settings)).message).toBe('Nango has no integration "nope"');
  });

  it('plain http over the internet', async () => {
    expect(await refusal(proxied, { NANGO_HOST: 'http://api.nango.dev' })).toMatchObject({
      message: 'the address of Nango is not usable',
    });
  });

  it.each([200, 404])("the address of Nango's dashboard, or of something else (%d)", async (status) => {
    const page = await serve((response) =>
      response.writeHead(status, { 'content-type': 'text/html' }).end('<html></html>'),
    );
    const found = await refusal(proxied, { NANGO_HOST: page.url });
    expect(found).toEqual({
      code: 'config',
      message: 'what answers at the address of Nango is not Nango',
      remedy: 'Set NANGO_HOST to the address of its API, such as https://api.nango.dev, not to its dashboard.',
    });
  });

  it('an overlay in the metadata that is not valid, through the proxy', async () => {
    overlayOf({ fields: { name: { from: 'nmae' } } });
    const found = await refusal(proxied);
    expect(found).toMatchObject({
      code: 'mapping',
      message: expect.stringContaining("customer_sync.mapping in the connection's metadata: fields.name: unknown path"),
    });
    expectOwnWords(found);
  });
});

describe('in the outcome of a customer', () => {
  it.each(['apply', 'dryRun'] as const)('an action that is not deployed, in %s', async (mode) => {
    const { status, error } = await outcome(byAction, mode);
    const action = mode === 'apply' ? 'upsert-customers-batch' : 'plan-customers';
    expect({ status, ...error }).toEqual({
      status: 'failed',
      code: 'config',
      message: `the action ${action} is not deployed for the integration "lago" in Nango`,
      remedy: "Deploy it (docs/nango.md), or go through Nango's proxy (nango-proxy), which needs no action.",
    });
    if (error !== undefined) expectOwnWords(error);
  });

  it('an overlay in the metadata that is not valid, through an action', async () => {
    stage.nango.deploy(await compiled('lago', 'upsert-customers-batch'));
    overlayOf({ fields: { name: { from: 'nmae' } } });
    const { status, error } = await outcome(byAction);
    expect([status, error?.code]).toEqual(['failed', 'mapping']);
    expect(error?.message).toContain("customer_sync.mapping in the connection's metadata: fields.name: unknown path");
    expect(stage.emulator('lago').requests).toEqual([]);
  });

  it('an answer of the action that is too large for Nango', async () => {
    deploy(async () => 'x'.repeat(3_000_000));
    const { status, error } = await outcome(byAction);
    expect({ status, ...error }).toEqual({
      status: 'uncertain',
      code: 'uncertain',
      message: "the action's answer was larger than Nango lets through (2 MB), so what it wrote is not known",
      remedy: 'Deploy the current actions, whose answers fit, then run again.',
    });
    if (error !== undefined) expectOwnWords(error);
  });

  it('an action of the same name that is not ours', async () => {
    deploy(async (script) => {
      throw new script.ActionError({ message: 'I want an e-mail address' });
    });
    const { status, error } = await outcome(byAction);
    expect({ status, ...error }).toEqual({
      status: 'failed',
      code: 'config',
      message: 'the action deployed for the integration "lago" does not take this input',
      remedy: 'Deploy the actions of this package; another action has the same name, or they are older.',
    });
    if (error !== undefined) expectOwnWords(error);
  });

  it.each([
    ['another shape', { ok: true }, 'results: is missing'],
    ['nobody', { results: [] }, '0 results for 1 customers'],
    ['somebody else', { results: [done('u-2')] }, 'results in another order'],
  ])('an action that answers with %s', async (_, output, why) => {
    deploy(async () => output);
    const { status, error } = await outcome(byAction);
    expect({ status, ...error }).toEqual({
      status: 'uncertain',
      code: 'uncertain',
      message: `the deployed upsert-customers-batch answered in an unexpected shape: ${why}`,
      remedy: 'Deploy the actions of this version, then run again: nothing is written twice.',
    });
    if (error !== undefined) expectOwnWords(error);
  });

  it('an action that breaks off', async () => {
    deploy(async () => {
      throw new RangeError(`about ${customer.email}`);
    });
    const { status, error } = await outcome(byAction);
    expect({ status, ...error }).toEqual({
      status: 'uncertain',
      code: 'uncertain',
      message: 'the action broke off',
      remedy: "See the action's log in Nango, then run again: nothing is written twice.",
    });
    if (error !== undefined) expectOwnWords(error);
  });

  it('an action that lets the failure of a request through', async () => {
    stage.emulator('lago').faults.add({ kind: 'respond', status: 422, body: '{"email":"joe@example.test"}' });
    deploy((script) => script.get({ endpoint: '/customers' }));
    const { status, error } = await outcome(byAction);
    expect({ status, ...error }).toEqual({
      status: 'uncertain',
      code: 'uncertain',
      message: 'the action passed a failure of the provider on (422)',
      remedy: 'The deployed action is not that of this package: deploy it, then run again.',
    });
    if (error !== undefined) expectOwnWords(error);
  });

  it.each([['nango-proxy', proxied] as const, ['nango-action', byAction] as const])(
    'a provider that is down, through %s',
    async (_, settings) => {
      // No wait between the attempts.
      vi.spyOn(Math, 'random').mockReturnValue(0);
      onTestFinished(() => void vi.restoreAllMocks());
      stage.nango.deploy(await compiled('autumn', 'upsert-customers-batch'));
      stage.emulator('autumn').faults.add({ kind: 'respond', status: 503 }, { times: 50 });
      const { status, error } = await outcome({ ...settings, provider: 'autumn' });
      expect([status, error?.code]).toEqual(['failed', 'unavailable']);
      expect(error?.message).toMatch(/Autumn answered 503/);
    },
  );

  it('a key that is withdrawn during the run', async () => {
    stage.nango.faults.add(
      { kind: 'respond', status: 401, body: '{"error":{"code":"unknown_account"}}' },
      { path: /^\/proxy/, times: 50 },
    );
    const { status, error } = await outcome(proxied);
    expect([status, error?.code, error?.message]).toEqual(['failed', 'auth', 'Nango does not accept the secret key']);
  });

  it.each([['nango-proxy', proxied] as const, ['nango-action', byAction] as const])(
    'a connection that is deleted during the run, through %s',
    async (_, settings) => {
      const opened = await openConnections(new Map([['x', settings]]), { runner, env: stage.env, offline: false });
      const { connections } = stage.nango.state;
      const found = connections.get('lago', 'acme');
      if (found !== undefined) connections.delete(found);
      const results = await collect(
        runner.apply(
          opened.map(({ connection }) => connection),
          [{ value: customer }],
        ),
      );
      expect(results[0]?.results[0]).toMatchObject({
        outcome: {
          status: 'failed',
          error: { code: 'config', message: 'Nango has no connection "acme" for the integration "lago"' },
        },
      });
    },
  );
});

function done(id: string) {
  return { customer_id: id, to: 'lago', status: 'created', changes: [], warnings: [] };
}

/** A plain function in the place of the compiled action. */
function deploy(exec: NangoScript['exec']): void {
  stage.nango.deploy({ integration: 'lago', name: 'upsert-customers-batch', type: 'action', exec });
}

function overlayOf(mapping: unknown): void {
  const { connections } = stage.nango.state;
  const found = connections.get('lago', 'acme');
  if (found !== undefined) connections.change(found, { metadata: { customer_sync: { mapping } } });
}
