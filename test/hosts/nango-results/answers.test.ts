import { describe, expect, it, vi } from 'vitest';
import { recharge } from '../../../integrations/recharge/connector.js';
import { createNangoAction } from '../../../src/hosts/nango-action.js';
import { createNangoEnvironment } from '../../../src/hosts/nango-environment.js';
import { createNangoProxyHost } from '../../../src/hosts/nango-proxy-host.js';
import type { Answer } from '../loopback.js';
import {
  away,
  behind,
  create,
  customer,
  emptyShop,
  find,
  json,
  place,
  provider,
  proxy,
  record,
  upsert,
} from './behind-nango.js';

describe('an answer through the proxy', () => {
  it.each([
    ['with a length', (response: Parameters<Answer>[0]) => json(response, 201, { customer: record }), 200, undefined],
    [
      'in chunks',
      (response: Parameters<Answer>[0]) => {
        response.writeHead(201, { 'content-type': 'application/json', 'x-recharge-version': '2021-11' });
        response.write('{"customer":');
        response.end(`${JSON.stringify(record)}}`);
      },
      201,
      '2021-11',
    ],
  ])(
    '1: comes with another status and without headers, or with them, and says "created" all the same (%s)',
    async (_, reply, status, version) => {
      behind.answer = emptyShop(reply);
      const raw = await proxy().send(create);
      expect([raw.status, raw.headers['x-recharge-version']]).toEqual([status, version]);
      expect(await upsert()).toMatchObject({ status: 'created', provider_id: '7', warnings: [] });
    },
  );

  it('3: is read without a content type', async () => {
    behind.answer = (response) => {
      response.setHeader('content-length', 16);
      response.end('{"customers":[]}');
    };
    const raw = await proxy().send(find);
    expect(raw).toMatchObject({
      status: 200,
      body: '{"customers":[]}',
      headers: { 'content-type': 'application/octet-stream' },
    });
  });

  it('5: of an error has its status and the wait that the provider asks for', async () => {
    behind.answer = (response) =>
      json(response, 429, { error: 'slow down' }, { 'retry-after': '3', 'x-ratelimit-remaining': '0' });
    expect(await proxy().send(find)).toMatchObject({ status: 429, headers: { 'retry-after': '3' } });
  });

  it('6: that never came is no answer of the provider', async () => {
    behind.answer = (response) => response.socket?.destroy();
    await expect(proxy().send(create)).rejects.toMatchObject({ sent: 'maybe', reason: 'ECONNRESET behind Nango' });
    await expect(proxy(away).send(create)).rejects.toMatchObject({ sent: 'no', reason: 'ECONNREFUSED behind Nango' });
    expect(await upsert(proxy(away))).toMatchObject({ status: 'failed', error: { code: 'unavailable' } });
  });

  it.each([
    [
      'with a length',
      (response: Parameters<Answer>[0]) => {
        response.writeHead(200, { 'content-length': 100 });
        response.write('{"customer":', () => response.socket?.destroy());
      },
    ],
    [
      'in chunks',
      (response: Parameters<Answer>[0]) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write('{"customer":', () => setTimeout(() => response.socket?.destroy(), 10));
      },
    ],
  ])('7: that breaks off half-way is no answer (%s)', async (_, reply) => {
    // The server library reports an answer that it could not finish.
    vi.spyOn(console, 'error').mockImplementation(() => {});
    behind.answer = reply;
    await expect(proxy().send(create)).rejects.toMatchObject({ name: 'TransportError', sent: 'maybe' });
    vi.restoreAllMocks();
  });

  it('8: is not waited for longer than we allow, since Nango would wait for ever', async () => {
    behind.answer = () => {};
    const host = createNangoProxyHost({ ...place(), definition: recharge.definition, timeoutMs: 50 });
    await expect(host.send(create)).rejects.toMatchObject({ sent: 'maybe', reason: 'timeout' });
  });

  it.each([
    ['a connection', ['recharge', 'nobody'], 'Nango has no connection "nobody" for the integration "recharge"'],
    ['an integration', ['nope', 'acme'], 'Nango has no integration "nope"'],
  ])(
    '9: says in three ways that there is no such thing as %s',
    async (_, [integration = '', connectionId = ''], message) => {
      const failure = { code: 'config', message };
      await expect(proxy(integration, connectionId).send(find)).rejects.toMatchObject(failure);
      const environment = createNangoEnvironment(place());
      await expect(environment.find({ provider: 'recharge', integration, connectionId })).rejects.toMatchObject(
        failure,
      );
      // To an action Nango answers both alike.
      const remote = createNangoAction({ ...place(integration, connectionId), provider: recharge });
      expect(await remote.upsert(customer)).toMatchObject({ status: 'failed', error: { code: 'config' } });
    },
  );

  it('10: is an error inside Nango where the path is broken, and ours never is', async () => {
    behind.answer = (response) => json(response, 200, {});
    await expect(proxy().send({ ...find, query: 'email=50%zz' })).rejects.toMatchObject({
      reason: 'an error inside Nango',
    });
    expect(provider.seen).toEqual([]);
  });
});
