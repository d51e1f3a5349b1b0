import { describe, expect, it } from 'vitest';
import { flexprice } from '../../integrations/flexprice/connector.js';
import { KEY, useWire, wire } from './wire.js';

useWire();

const { connector } = flexprice;
const BASE = 'https://us.api.flexprice.io/v1';
const HEADERS = { accept: 'application/json', 'x-api-key': KEY };
const WRITE_HEADERS = { ...HEADERS, 'content-type': 'application/json' };

const ACME = {
  id: 'cust_01K3ABCDEF0123456789ABCDEF',
  external_id: 'acme-1',
  name: 'Acme Inc',
  email: 'billing@acme.test',
  address_line1: '',
  address_country: 'US',
  timezone: 'UTC',
  metadata: { crm_id: '42' },
  status: 'published',
  updated_at: '2026-08-22T10:00:00.123456Z',
};
const NOT_FOUND = {
  code: 'not_found',
  message: 'Customer with lookup key missing was not found',
  http_status_code: 404,
  details: { lookup_key: 'missing' },
};
const find = (value: string) => {
  const api = wire(flexprice);
  return { ...api, run: () => connector.find(api.client, { by: 'match', value }) };
};

describe('find', () => {
  it('asks by the external id in the path', async () => {
    const { sent, answer, run } = find('acme-1');
    answer('GET', '/customers/external/acme-1', 200, ACME);
    expect(await run()).toEqual({ kind: 'found', record: ACME });
    expect(sent).toEqual([{ method: 'GET', url: `${BASE}/customers/external/acme-1`, headers: HEADERS, body: '' }]);
  });

  it.each([
    ['a dot', 'acme.com', 'acme.com'],
    ['an address', 'joe+x@acme.test', 'joe%2Bx%40acme.test'],
    ['what a URL is made of', 'a?b#c&d=e', 'a%3Fb%23c%26d%3De'],
    ['a percent sign and a space', '50% x', '50%25%20x'],
    ['a backslash', 'a\\b', 'a%5Cb'],
    ['Unicode', 'Jürgen😀', 'J%C3%BCrgen%F0%9F%98%80'],
  ])('encodes an id with %s', async (_, id, encoded) => {
    const { sent, answer, run } = find(id);
    answer('GET', `/customers/external/${encoded}`, 200, { ...ACME, external_id: id });
    expect(await run()).toMatchObject({ kind: 'found', record: { external_id: id } });
    expect(sent.map(({ url }) => url)).toEqual([`${BASE}/customers/external/${encoded}`]);
  });

  it('answers absent to not_found', async () => {
    const { answer, run } = find('missing');
    answer('GET', '/customers/external/missing', 404, NOT_FOUND);
    expect(await run()).toEqual({ kind: 'absent' });
  });

  it('answers absent to not_found in the old shape', async () => {
    const { answer, run } = find('missing');
    answer('GET', '/customers/external/missing', 404, { success: false, error: { message: 'Customer was not found' } });
    expect(await run()).toEqual({ kind: 'absent' });
  });

  it('does not take an unknown route for a missing customer', async () => {
    const { answer, run } = find('acme-1');
    answer('GET', '/customers/external/acme-1', 404, '404 page not found', { 'content-type': 'text/plain' });
    await expect(run()).rejects.toMatchObject({ code: 'config' });
  });

  it.each([
    ['an error in a 200', { error: 'x' }],
    ['a customer without an id', { external_id: 'acme-1' }],
    ['a list', [ACME]],
  ])('does not believe %s', async (_, body) => {
    const { answer, run } = find('acme-1');
    answer('GET', '/customers/external/acme-1', 200, body);
    await expect(run()).rejects.toMatchObject({ code: 'protocol' });
  });
});

describe('find of an id with a slash', () => {
  it('searches, since the router cuts the path there', async () => {
    const { sent, answer, run } = find('eu/acme');
    const record = { ...ACME, external_id: 'eu/acme' };
    answer('POST', '/customers/search', 200, { items: [record], pagination: { total: 1, limit: 2, offset: 2 } });
    expect(await run()).toEqual({ kind: 'found', record });
    expect(sent).toEqual([
      {
        method: 'POST',
        url: `${BASE}/customers/search`,
        headers: WRITE_HEADERS,
        body: '{"external_id":"eu/acme","limit":2}',
      },
    ]);
  });

  it.each([
    ['nobody', { items: [], pagination: { total: 0 } }],
    ['no items', { items: null }],
    ['somebody else, as when the filter is ignored', { items: [ACME, { ...ACME, external_id: 'EU/ACME' }] }],
  ])('answers absent to %s', async (_, body) => {
    const { answer, run } = find('eu/acme');
    answer('POST', '/customers/search', 200, body);
    expect(await run()).toEqual({ kind: 'absent' });
  });
});

describe('create', () => {
  const payload = { external_id: 'acme-1', name: 'Acme Inc', skip_onboarding_workflow: true };
  const create = () => {
    const api = wire(flexprice);
    return { ...api, run: () => connector.create(api.client, { payload, idempotencyKey: 'k' }) };
  };

  it('posts the fields and answers with the customer', async () => {
    const { sent, answer, run } = create();
    answer('POST', '/customers', 201, ACME);
    expect(await run()).toEqual(ACME);
    expect(sent).toEqual([
      {
        method: 'POST',
        url: `${BASE}/customers`,
        headers: WRITE_HEADERS,
        body: '{"external_id":"acme-1","name":"Acme Inc","skip_onboarding_workflow":true}',
      },
    ]);
  });

  it('tells that the customer exists', async () => {
    const { answer, run } = create();
    answer('POST', '/customers', 409, { code: 'already_exists', message: 'exists', http_status_code: 409 });
    await expect(run()).rejects.toMatchObject({ verdict: 'exists' });
  });

  it.each([502, 504])('may have happened where a %i came', async (status) => {
    const { answer, run } = create();
    answer('POST', '/customers', status, '<html></html>');
    await expect(run()).rejects.toMatchObject({ code: 'uncertain' });
  });

  it('does not believe a 201 without an id', async () => {
    const { answer, run } = create();
    answer('POST', '/customers', 201, { external_id: 'acme-1' });
    await expect(run()).rejects.toMatchObject({ code: 'protocol' });
  });
});

describe('update', () => {
  it.each([
    ['acme-1', 'acme-1'],
    ['eu/acme', 'eu%2Facme'],
    ['joe+x@acme.test', 'joe%2Bx%40acme.test'],
    ['a&id=cust_x', 'a%26id%3Dcust_x'],
    ['..', '..'],
  ])('puts the changed fields by external id in the query: %s', async (address, encoded) => {
    const { client, sent, answer } = wire(flexprice);
    const target = `/customers?external_customer_id=${encoded}`;
    answer('PUT', target, 200, ACME);
    const payload = { address_line1: '', metadata: { crm_id: '42' } };
    expect(await connector.update(client, { address, payload })).toEqual(ACME);
    expect(sent).toEqual([
      {
        method: 'PUT',
        url: BASE + target,
        headers: WRITE_HEADERS,
        body: '{"address_line1":"","metadata":{"crm_id":"42"}}',
      },
    ]);
  });

  it('tells that the customer is gone', async () => {
    const { client, answer } = wire(flexprice);
    answer('PUT', '/customers?external_customer_id=missing', 404, NOT_FOUND);
    await expect(connector.update(client, { address: 'missing', payload: {} })).rejects.toMatchObject({
      verdict: 'not_found',
    });
  });
});

describe('archive', () => {
  it("deletes by Flexprice's own id", async () => {
    const { client, sent, answer } = wire(flexprice);
    answer('DELETE', `/customers/${ACME.id}`, 204);
    await connector.archive?.(client, ACME.id);
    expect(sent).toEqual([{ method: 'DELETE', url: `${BASE}/customers/${ACME.id}`, headers: HEADERS, body: '' }]);
  });

  it('does not believe a success that says something', async () => {
    const { client, answer } = wire(flexprice);
    answer('DELETE', `/customers/${ACME.id}`, 200, { error: 'no' });
    await expect(connector.archive?.(client, ACME.id)).rejects.toMatchObject({ code: 'protocol' });
  });
});

describe('list', () => {
  it('searches without a filter, a thousand at a time', async () => {
    const { client, sent, answer } = wire(flexprice);
    answer('POST', '/customers/search', 200, { items: [ACME], pagination: { total: 1, limit: 1000, offset: 1000 } });
    expect(await connector.list(client)).toEqual({ records: [ACME] });
    expect(sent).toEqual([
      { method: 'POST', url: `${BASE}/customers/search`, headers: WRITE_HEADERS, body: '{"limit":1000,"offset":0}' },
    ]);
  });

  it('goes on with the last record once more, as long as the total says that there are more', async () => {
    const { client, answer } = wire(flexprice);
    const items = Array.from({ length: 1000 }, (_, n) => ({ ...ACME, external_id: `acme-${n}` }));
    answer('POST', '/customers/search', 200, { items, pagination: { total: 1001, limit: 1000, offset: 1000 } });
    expect(await connector.list(client)).toMatchObject({ next: '999' });
    answer('POST', '/customers/search', 200, {
      items: [ACME, ACME],
      pagination: { total: 1001, limit: 1000, offset: 1999 },
    });
    expect(await connector.list(client, '999')).toEqual({ records: [ACME, ACME], previous: '0' });
  });

  it('goes on after a full page that names no total', async () => {
    const { client, answer } = wire(flexprice);
    const items = Array.from({ length: 1000 }, (_, n) => ({ ...ACME, external_id: `acme-${n}` }));
    answer('POST', '/customers/search', 200, { items });
    expect(await connector.list(client)).toMatchObject({ next: '999' });
  });

  it('asks for the page it was left at', async () => {
    const { client, sent, answer } = wire(flexprice);
    answer('POST', '/customers/search', 200, { items: [] });
    expect(await connector.list(client, '2000')).toEqual({ records: [], previous: '1001' });
    expect(sent.map(({ body }) => body)).toEqual(['{"limit":1000,"offset":2000}']);
  });
});
