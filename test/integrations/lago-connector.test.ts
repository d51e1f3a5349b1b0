import { describe, expect, it } from 'vitest';
import { lago } from '../../integrations/lago/connector.js';
import { KEY, useWire, wire } from './wire.js';

useWire();

const { connector } = lago;
const BASE = 'https://api.getlago.com/api/v1';
const HEADERS = { accept: 'application/json', authorization: `Bearer ${KEY}` };
const WRITE_HEADERS = { ...HEADERS, 'content-type': 'application/json' };

const ACME = {
  lago_id: '1a901a90-1a90-1a90-1a90-1a901a901a90',
  external_id: 'acct_1042',
  name: 'Pied Piper Inc',
  email: 'billing@piedpiper.test,ap@piedpiper.test',
  metadata: [{ lago_id: '9c1e5f0a-0000-4000-8000-000000000001', key: 'crm_id', value: '0015g' }],
};
const META = { current_page: 1, next_page: null, prev_page: null, total_pages: 1, total_count: 1 };
const page = (...customers: unknown[]) => ({ customers, meta: META });
const NOT_FOUND = { status: 404, error: 'Not Found', code: 'customer_not_found' };

describe('find', () => {
  const FIND = '/customers?external_id=acct_1042&per_page=2';
  const find = (value = 'acct_1042') => {
    const api = wire(lago);
    return { ...api, run: () => connector.find(api.client, { by: 'match', value }) };
  };

  it('asks by the list filter, which takes every id', async () => {
    const { sent, answer, run } = find();
    answer('GET', FIND, 200, page(ACME));
    expect(await run()).toEqual({ kind: 'found', record: ACME });
    expect(sent).toEqual([{ method: 'GET', url: BASE + FIND, headers: HEADERS, body: '' }]);
  });

  it.each([
    ['a dot', 'acme.com', 'acme.com'],
    ['a slash', 'a/b', 'a%2Fb'],
    ['an address', 'joe+x@acme.test', 'joe%2Bx%40acme.test'],
    ['what a query is made of', 'a&b=c#d?e', 'a%26b%3Dc%23d%3Fe'],
    ['a percent sign and a space', '50% x', '50%25+x'],
    ['Unicode', 'Jürgen😀', 'J%C3%BCrgen%F0%9F%98%80'],
  ])('encodes an id with %s', async (_, id, encoded) => {
    const { sent, answer, run } = find(id);
    const target = `/customers?external_id=${encoded}&per_page=2`;
    answer('GET', target, 200, page({ ...ACME, external_id: id }));
    expect(await run()).toMatchObject({ kind: 'found', record: { external_id: id } });
    expect(sent.map(({ url }) => url)).toEqual([BASE + target]);
  });

  it('answers absent to an empty list', async () => {
    const { answer, run } = find();
    answer('GET', FIND, 200, { customers: [], meta: { current_page: 0, next_page: null, total_pages: 0 } });
    expect(await run()).toEqual({ kind: 'absent' });
  });

  it('takes no id that differs in case', async () => {
    const { answer, run } = find();
    answer('GET', FIND, 200, page({ ...ACME, external_id: 'ACCT_1042' }));
    answer('GET', '/customers/acct_1042', 404, NOT_FOUND);
    expect(await run()).toEqual({ kind: 'absent' });
  });

  it('asks by path where an older server answers with just anybody', async () => {
    const { sent, answer, run } = find();
    const others = [1, 2].map((n) => ({ ...ACME, external_id: `other_${n}` }));
    answer('GET', FIND, 200, page(...others));
    answer('GET', '/customers/acct_1042', 200, { customer: ACME });
    expect(await run()).toEqual({ kind: 'found', record: ACME });
    expect(sent[1]).toEqual({ method: 'GET', url: `${BASE}/customers/acct_1042`, headers: HEADERS, body: '' });
  });

  it('answers absent where an older server knows nobody by the path', async () => {
    const { answer, run } = find();
    answer('GET', FIND, 200, page({ ...ACME, external_id: 'other' }));
    answer('GET', '/customers/acct_1042', 404, NOT_FOUND);
    expect(await run()).toEqual({ kind: 'absent' });
  });

  it.each(['acme.com', 'a/b', 'v1.2/x'])('never asks an older server by a path that it would cut: %s', async (id) => {
    const { sent, answer, run } = find(id);
    const target = `/customers?external_id=${encodeURIComponent(id)}&per_page=2`;
    answer('GET', target, 200, page({ ...ACME, external_id: 'acme' }));
    await expect(run()).rejects.toMatchObject({
      code: 'invalid_customer',
      details: { provider: 'lago', remedy: expect.stringContaining('1.49') },
    });
    expect(sent).toHaveLength(1);
  });

  it('tells a wrong base URL from a missing customer', async () => {
    const { answer, run } = find();
    answer('GET', FIND, 404, { status: 404, error: 'Not Found', code: 'resource_not_found' });
    await expect(run()).rejects.toMatchObject({ code: 'config' });
  });

  it.each([
    ['an error in a 200', { status: 500, error: 'x' }],
    ['a customer without lago_id', page({ external_id: 'acct_1042' })],
  ])('does not believe %s', async (_, body) => {
    const { answer, run } = find();
    answer('GET', FIND, 200, body);
    await expect(run()).rejects.toMatchObject({ code: 'protocol' });
  });
});

describe('create', () => {
  it('posts the fields in a wrapper', async () => {
    const { client, sent, answer } = wire(lago);
    answer('POST', '/customers', 200, { customer: ACME });
    const payload = { external_id: 'acct_1042', name: 'Pied Piper Inc', phone: null };
    expect(await connector.create(client, { payload, idempotencyKey: 'k' })).toEqual(ACME);
    expect(sent).toEqual([
      {
        method: 'POST',
        url: `${BASE}/customers`,
        headers: WRITE_HEADERS,
        body: '{"customer":{"external_id":"acct_1042","name":"Pied Piper Inc","phone":null}}',
      },
    ]);
  });

  it.each([
    ['an error', { status: 422, error: 'x' }],
    ['no wrapper', ACME],
    ['nobody', { customer: null }],
  ])('does not believe a 200 with %s', async (_, body) => {
    const { client, answer } = wire(lago);
    answer('POST', '/customers', 200, body);
    await expect(
      connector.create(client, { payload: { external_id: 'acct_1042' }, idempotencyKey: 'k' }),
    ).rejects.toMatchObject({ code: 'protocol' });
  });
});

describe('update', () => {
  it('posts the changed fields and the id', async () => {
    const { client, sent, answer } = wire(lago);
    answer('POST', '/customers', 200, { customer: ACME });
    const metadata = [{ id: '9c1e5f0a-0000-4000-8000-000000000001', key: 'crm_id', value: 'x' }];
    expect(await connector.update(client, { address: 'acct_1042', payload: { metadata } })).toEqual(ACME);
    expect(sent).toEqual([
      {
        method: 'POST',
        url: `${BASE}/customers`,
        headers: WRITE_HEADERS,
        body: '{"customer":{"external_id":"acct_1042","metadata":[{"id":"9c1e5f0a-0000-4000-8000-000000000001","key":"crm_id","value":"x"}]}}',
      },
    ]);
  });
});

describe('what may be repeated after a lost answer', () => {
  const id = '9c1e5f0a-0000-4000-8000-000000000001';

  it.each<[string, Record<string, unknown>, boolean]>([
    ['plain fields', { name: 'x', phone: null }, true],
    ['no metadata at all', { metadata: [] }, true],
    ['metadata with ids', { metadata: [{ id, key: 'a', value: 'b' }] }, true],
    [
      'one new key among others',
      {
        metadata: [
          { id, key: 'a', value: 'b' },
          { key: 'c', value: 'd' },
        ],
      },
      false,
    ],
    ['no links', { integration_customers: [] }, true],
    ['links with ids', { integration_customers: [{ id, integration_type: 'netsuite' }] }, true],
    ['a new link', { integration_customers: [{ integration_type: 'netsuite' }] }, false],
    ['a new link beside known metadata', { metadata: [{ id, key: 'a' }], integration_customers: [{}] }, false],
  ])('%s: %o', async (_, payload, isSafe) => {
    const attempts: boolean[] = [];
    const client = {
      read: () => Promise.reject(new Error('not called')),
      write: async (_operation: string, { replaySafe }: { replaySafe: boolean }) => {
        attempts.push(replaySafe);
        return { customer: ACME };
      },
    };
    await connector.update(client, { address: 'acct_1042', payload });
    await connector.create(client, { payload: { external_id: 'acct_1042', ...payload }, idempotencyKey: 'k' });
    expect(attempts).toEqual([isSafe, isSafe]);
  });
});

describe('archive', () => {
  it('deletes by path', async () => {
    const { client, sent, answer } = wire(lago);
    answer('DELETE', '/customers/acct_1042', 200, { customer: ACME });
    await connector.archive?.(client, 'acct_1042');
    expect(sent).toEqual([{ method: 'DELETE', url: `${BASE}/customers/acct_1042`, headers: HEADERS, body: '' }]);
  });

  it.each(['acme.com', 'a/b', 'acme.'])('never deletes by a path that Lago would cut: %s', async (id) => {
    const { client, sent } = wire(lago);
    await expect(connector.archive?.(client, id)).rejects.toMatchObject({ details: { provider: 'lago' } });
    expect(sent).toEqual([]);
  });
});

describe('a 404 without a code of Lago', () => {
  const isNoAnswer = { code: 'config', details: { remedy: expect.stringContaining('no answer of Lago') } };

  it('is not taken for a customer that is gone', async () => {
    const { client, answer } = wire(lago);
    answer('DELETE', '/customers/acct_1042', 404, '<h1>Not Found</h1>');
    await expect(connector.archive?.(client, 'acct_1042')).rejects.toMatchObject(isNoAnswer);
  });

  it('is not taken for a customer that is not there', async () => {
    const { client, answer } = wire(lago);
    answer('GET', '/customers?external_id=acct_1042&per_page=2', 200, { customers: [{ ...ACME, external_id: 'x' }] });
    answer('GET', '/customers/acct_1042', 404, { error: 'Not Found' });
    await expect(connector.find(client, { by: 'match', value: 'acct_1042' })).rejects.toMatchObject(isNoAnswer);
  });

  it('is not taken for an empty list', async () => {
    const { client, answer } = wire(lago);
    answer('GET', '/customers?page=1&per_page=100', 404, 'not here');
    await expect(connector.list(client)).rejects.toMatchObject(isNoAnswer);
  });
});

describe('list', () => {
  it('asks for a page of a hundred and goes on with its last record once more', async () => {
    const { client, sent, answer } = wire(lago);
    const customers = [ACME, { ...ACME, lago_id: 'b' }, { ...ACME, lago_id: 'c' }];
    answer('GET', '/customers?page=1&per_page=100', 200, { customers, meta: { ...META, next_page: 2 } });
    expect(await connector.list(client)).toEqual({ records: customers, next: '2' });
    expect(sent).toEqual([{ method: 'GET', url: `${BASE}/customers?page=1&per_page=100`, headers: HEADERS, body: '' }]);
  });

  it.each([
    ['99', '2', '99', 99],
    ['197', '3', '98', 196],
    ['1', '1', '100', 0],
    ['5000', '51', '100', 5000],
    ['99999', '1011', '99', 99990],
  ])('asks for a page with the record at offset %s in it', async (offset, number, size, start) => {
    const { client, answer } = wire(lago);
    answer('GET', `/customers?page=${number}&per_page=${size}`, 200, page(ACME));
    const { previous } = await connector.list(client, offset);
    expect(start).toBe((Number(number) - 1) * Number(size));
    expect(previous).toBe(start === 0 ? undefined : String(start - Number(size) + 1));
  });

  it('ends where no next page is named', async () => {
    const { client, answer } = wire(lago);
    answer('GET', '/customers?page=2&per_page=99', 200, page(ACME));
    expect(await connector.list(client, '99')).toEqual({ records: [ACME], previous: '1' });
  });
});
