import nock from 'nock';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { recharge } from '../../integrations/recharge/connector.js';
import type { HttpRequest } from '../../src/core/http/host.js';
import { createNangoAction } from '../../src/hosts/nango-action.js';
import { createNangoEnvironment } from '../../src/hosts/nango-environment.js';
import { createNangoProxyHost } from '../../src/hosts/nango-proxy-host.js';
import { expectNoSecret, SECRET } from './no-secret.js';

const nangoUrl = 'https://nango.example.test';
const access = { secretKey: SECRET, nangoUrl };
const place = { provider: 'recharge', integration: 'recharge-eu', connectionId: 'acme' };
const customer = { id: 'u-1', email: 'joe@example.test', first_name: 'Joe' };

beforeAll(() => nock.disableNetConnect());
afterEach(() => {
  const pending = nock.pendingMocks();
  nock.cleanAll();
  expect(pending).toEqual([]);
});
afterAll(() => {
  nock.enableNetConnect();
  nock.restore();
});

const aboutTheConnection = ['accept-encoding', 'connection', 'content-length', 'host'];

/** Notes the headers of a request, without those of the connection itself. */
function noteHeaders(into: Record<string, string>[]) {
  return (request: Request) => {
    const { 'user-agent': agent, ...headers } = Object.fromEntries(
      [...request.headers].filter(([name]) => !aboutTheConnection.includes(name)),
    );
    expect(agent).toMatch(/^nango-node-client\/0\.71\.10 /);
    into.push(headers);
  };
}

const ours = { authorization: `Bearer ${SECRET}`, accept: 'application/json, text/plain, */*' };
const asJson = { ...ours, 'content-type': 'application/json' };

describe('connections', () => {
  const listed = [
    { id: 2, connection_id: 'acme', provider_config_key: 'recharge-eu', tags: { plan: 'gold' }, metadata: { a: 1 } },
  ];

  it('one is looked up by its id and integration', async () => {
    const headers: Record<string, string>[] = [];
    nock(nangoUrl)
      .get('/connections?connectionId=acme&integrationId=recharge-eu&limit=2000')
      .reply(200, { connections: listed })
      .on('request', noteHeaders(headers));
    expect(await createNangoEnvironment(access).find(place)).toEqual({ connectionId: 'acme', metadata: { a: 1 } });
    expect(headers).toEqual([asJson]);
  });

  it('a set is looked up by its tags', async () => {
    nock(nangoUrl)
      .get('/connections?integrationId=recharge-eu&tags%5Bplan%5D=gold&tags%5Bregion%5D=eu&limit=2000')
      .reply(200, { connections: [{ ...listed[0], tags: { plan: 'gold', region: 'eu' } }] });
    const found = await createNangoEnvironment(access).select(place, { plan: 'gold', Region: 'eu' });
    expect(found.map(({ connectionId }) => connectionId)).toEqual(['acme']);
  });

  it('one that is not listed is told from a missing integration by a second look', async () => {
    nock(nangoUrl).get('/connections').query(true).reply(200, { connections: [] });
    nock(nangoUrl).get('/integrations/recharge-eu').reply(200, { data: {} });
    await expect(createNangoEnvironment(access).find(place)).rejects.toThrow(
      'Nango has no connection "acme" for the integration "recharge-eu"',
    );
  });

  it.each([
    ['another integration', { ...listed[0], provider_config_key: 'recharge-us' }],
    ['other tags', { ...listed[0], tags: { plan: 'silver' } }],
  ])('a server that ignores a filter and answers %s leads nowhere', async (_, stray) => {
    nock(nangoUrl)
      .get('/connections')
      .query(true)
      .reply(200, { connections: [stray] });
    nock(nangoUrl).get('/integrations/recharge-eu').reply(200, { data: {} });
    await expect(createNangoEnvironment(access).select(place, { plan: 'gold' })).rejects.toThrow(
      'no connection of the integration "recharge-eu" with the tags plan=gold',
    );
  });

  it('more than fit on one page are refused, since who is missing could not be said', async () => {
    nock(nangoUrl)
      .get('/connections')
      .query(true)
      .reply(200, { connections: Array.from({ length: 2_000 }, () => listed[0]) });
    await expect(createNangoEnvironment(access).select(place, { plan: 'gold' })).rejects.toMatchObject({
      code: 'config',
      message: 'the integration "recharge-eu" has 2000 connections with these tags or more',
    });
  });

  it('the limit that Nango names becomes the pace', async () => {
    nock(nangoUrl)
      .get('/connections')
      .query(true)
      .reply(200, { connections: listed }, { 'X-RateLimit-Limit': '1000', 'X-RateLimit-Remaining': '999' });
    const environment = createNangoEnvironment(access);
    expect(environment.pace).toBeUndefined();
    await environment.find(place);
    expect(environment.pace).toMatchObject({ limit: 1_000, requestsPerSecond: 7.5 });
  });
});

describe('the deployed actions', () => {
  const clock = { now: Date.now, sleep: async () => {} };
  const outcome = { customer_id: 'u-1', to: 'recharge', status: 'created', changes: [], warnings: [] };
  const id = '5f8c1a52-9d0b-4a1e-8f57-0d2f0f6d3c11';

  it('are triggered asynchronously with the customers, and asked for the result until there is one', async () => {
    const headers: Record<string, string>[] = [];
    nock(nangoUrl)
      .post('/action/trigger', {
        action_name: 'upsert-customers-batch',
        input: { customers: [customer], rate_share: 0.25 },
      })
      .reply(202, { id, statusUrl: `/action/${id}` })
      .on('request', noteHeaders(headers));
    nock(nangoUrl)
      .get(`/action/${id}`)
      .times(2)
      .reply(404, { error: { code: 'not_found', message: `No action '${id}' found` } })
      .on('request', noteHeaders(headers));
    nock(nangoUrl)
      .get(`/action/${id}`)
      .reply(200, { results: [outcome] });
    const remote = createNangoAction({ ...access, ...place, provider: recharge, rateShare: 0.25, clock });
    expect(await remote.upsert(customer)).toEqual(outcome);
    expect(headers).toEqual([
      { ...asJson, 'connection-id': 'acme', 'provider-config-key': 'recharge-eu', 'x-async': 'true' },
      ours,
      ours,
    ]);
  });

  it('plan with plan-customers', async () => {
    nock(nangoUrl)
      .post('/action/trigger', { action_name: 'plan-customers', input: { customers: [customer] } })
      .reply(202, { id, statusUrl: `/action/${id}` });
    const plan = { customer_id: 'u-1', to: 'x', action: 'create', compared: true, changes: [], warnings: [] };
    nock(nangoUrl)
      .get(`/action/${id}`)
      .reply(200, { results: [{ plan }] });
    const remote = createNangoAction({ ...access, ...place, provider: recharge, name: 'mine', clock });
    expect(await remote.plan(customer)).toEqual({ kind: 'plan', plan: { ...plan, to: 'mine' } });
  });
});

describe('the proxy', () => {
  const host = createNangoProxyHost({ ...access, ...place, definition: recharge.definition });
  const proxied = {
    ...ours,
    'base-url-override': '',
    'connection-id': 'acme',
    'nango-activity-log-id': '',
    'provider-config-key': 'recharge-eu',
    'nango-proxy-accept': 'application/json',
    'nango-proxy-x-recharge-version': '2021-11',
  };
  const versioned = { accept: 'application/json', 'x-recharge-version': '2021-11' };

  it('gets a read with our query as it is, and no wish for retries', async () => {
    const headers: Record<string, string>[] = [];
    nock(nangoUrl)
      .get('/proxy/customers?email=joe%2Bx%40example.test&limit=250')
      .reply(200, { customers: [] })
      .on('request', noteHeaders(headers));
    const request: HttpRequest = {
      operation: 'find',
      method: 'GET',
      path: '/customers',
      query: 'email=joe%2Bx%40example.test&limit=250',
      headers: versioned,
    };
    expect(await host.send(request)).toMatchObject({ status: 200, body: '{"customers":[]}' });
    expect(headers).toEqual([proxied]);
  });

  it.each(['POST', 'PUT'] as const)('gets a %s with our body', async (method) => {
    const headers: Record<string, string>[] = [];
    nock(nangoUrl)
      .intercept('/proxy/customers', method, { email: 'joe@example.test', tax_exempt: null })
      .reply(200, {})
      .on('request', noteHeaders(headers));
    await host.send({
      operation: 'create',
      method,
      path: '/customers',
      headers: { ...versioned, 'content-type': 'application/json' },
      body: '{"email":"joe@example.test","tax_exempt":null}',
    });
    expect(headers).toEqual([
      { ...proxied, 'content-type': 'application/json', 'nango-proxy-content-type': 'application/json' },
    ]);
  });

  it('takes turns with the other connections of the environment, and holds all of them back when Nango refuses', async () => {
    const turns: string[] = [];
    const pauses: number[] = [];
    const pace = {
      limit: 200,
      requestsPerSecond: 1.5,
      acquire: async (connection: string) => void turns.push(connection),
      pauseUntil: (time: number) => void pauses.push(time),
    };
    const paced = createNangoProxyHost({ ...access, ...place, definition: recharge.definition, pace });
    nock(nangoUrl)
      .get('/proxy/customers')
      .reply(429, { error: { code: 'too_many_request' } }, { 'retry-after': '30' });
    const request: HttpRequest = { operation: 'find', method: 'GET', path: '/customers', headers: {} };
    await expect(paced.send(request)).rejects.toMatchObject({ waitMs: 31_000 });
    expect(turns).toEqual(['recharge-eu/acme']);
    expect(pauses.map((time) => Math.round((time - Date.now()) / 1_000))).toEqual([31]);
  });

  it('leads nowhere else, whatever it answers', async () => {
    nock(nangoUrl).get('/proxy/customers').reply(307, '', { location: 'https://elsewhere.example.test/customers' });
    const answer = await host.send({ operation: 'find', method: 'GET', path: '/customers', headers: {} });
    expect(answer.status).toBe(307);
  });
});

it('neither the key nor a customer is in what is thrown', async () => {
  nock(nangoUrl)
    .post('/action/trigger')
    .reply(500, { error: { code: 'script_internal_error', payload: { input: customer, message: customer.email } } });
  const remote = createNangoAction({ ...access, ...place, provider: recharge });
  const outcome = await remote.upsert(customer);
  expect(outcome).toMatchObject({ status: 'uncertain', error: { message: 'the action broke off' } });
  expectNoSecret(outcome);
});
