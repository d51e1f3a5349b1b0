import { describe, expect, it } from 'vitest';
import { encodeSegment } from '../../../src/core/http/path-segment.js';
import {
  behind,
  create,
  emptyShop,
  find,
  json,
  nango,
  provider,
  proxy,
  record,
  targets,
  upsert,
} from './behind-nango.js';

describe('a request through the proxy', () => {
  it('11: arrives with all headers that we mean the provider to see', async () => {
    behind.answer = emptyShop((response) => json(response, 201, { customer: record }));
    await upsert();
    for (const { headers } of provider.seen)
      expect(headers).toMatchObject({ accept: 'application/json', 'x-recharge-version': '2021-11' });
    expect(provider.seen).toHaveLength(2);
  });

  it('12: holds no credentials that would take the place of those in Nango', async () => {
    behind.answer = emptyShop((response) => json(response, 201, { customer: record }));
    await upsert();
    expect(provider.seen.map(({ headers }) => headers['x-recharge-access-token'])).toEqual([
      'key-in-nango',
      'key-in-nango',
    ]);
    for (const { headers } of nango.requests) {
      expect(Object.keys(headers).filter((name) => /token|nango-proxy-authorization/.test(name))).toEqual([]);
    }
  });

  it.each([
    ['JSON', 'application/json', '{"email":"joe@example.test","metadata":{"b":1,"a":null,"big":9007199254740991}}'],
    ['form fields', 'application/x-www-form-urlencoded', 'email=joe%40example.test&metadata%5Ba%5D=1'],
  ])('13: arrives with its body, though Nango writes it anew: %s', async (_, contentType, body) => {
    behind.answer = (response) => json(response, 200, {});
    await proxy().send({ ...create, headers: { 'content-type': contentType }, body });
    expect(provider.seen.map((seen) => [seen.headers['content-type'], seen.body])).toEqual([[contentType, body]]);
  });

  it('14: arrives with its query, but for an apostrophe, which means the same', async () => {
    behind.answer = (response) => json(response, 200, { customers: [] });
    await proxy().send({ ...find, query: "email=o'brien%2Bx%40example.test&ids%5B%5D=1&limit=250" });
    expect(targets(provider.seen)).toEqual(['GET /customers?email=o%27brien%2Bx%40example.test&ids%5B%5D=1&limit=250']);
  });

  it('15: arrives with its path, and steps in it, which Nango would take, never leave the core', async () => {
    behind.answer = (response) => json(response, 200, {});
    await proxy().send({ ...find, path: '/customers/a%2Fb%20%25' });
    expect(targets(provider.seen)).toEqual(['GET /customers/a%2Fb%20%25']);
    expect(() => encodeSegment('..')).toThrow('cannot stand in a URL');
  });

  it('17: that is led elsewhere after the provider had it may have been carried out', async () => {
    behind.answer = (response) => response.writeHead(307, { location: 'http://127.0.0.1:9/elsewhere' }).end();
    await expect(proxy().send(create)).rejects.toMatchObject({ name: 'TransportError', sent: 'maybe' });
    await expect(proxy().send(find)).rejects.toMatchObject({ code: 'config', message: 'Nango refuses the request' });
    expect(targets(provider.seen)).toEqual(['POST /customers', 'GET /customers']);
  });

  it('17: that is led elsewhere is told as it is where a POST only reads', async () => {
    behind.answer = (response) => response.writeHead(307, { location: 'http://127.0.0.1:9/elsewhere' }).end();
    await expect(proxy().send({ ...create, operation: 'find' })).rejects.toMatchObject({
      code: 'config',
      details: { remedy: expect.stringContaining('no private address') },
    });
  });

  it.each([429, 500, 503, 401])('18: is sent once by Nango, whatever the answer (%d)', async (status) => {
    behind.answer = (response) => json(response, status, {});
    await proxy().send(create);
    expect(provider.seen).toHaveLength(1);
  });
});
