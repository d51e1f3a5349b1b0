import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { definition } from '../../../providers/recharge/definition.js';
import { definitionSchema, type Operation, type ProviderDefinition } from '../../../schemas/definition.js';
import { buildRequest, type CallOptions } from '../../../src/core/http/build-request.js';

const RECHARGE = definitionSchema.parse(definition);
const FORM: ProviderDefinition = {
  ...RECHARGE,
  api: { ...RECHARGE.api, body: 'form', headers: {}, idempotency_header: 'idempotency-key' },
};
const GET: Operation = { method: 'GET', path: '/customers/{id}', read: true };
const POST: Operation = { method: 'POST', path: '/customers', read: false };

function pathOf(id: string): string {
  return buildRequest(RECHARGE, 'get', GET, { params: { id } }).path;
}

describe('a path parameter', () => {
  it.each([
    ['a plain id', '82939898', '/customers/82939898'],
    ['a slash', 'a/b', '/customers/a%2Fb'],
    ['a question mark', 'a?b=c', '/customers/a%3Fb%3Dc'],
    ['a hash', 'a#b', '/customers/a%23b'],
    ['a percent sign', '50%', '/customers/50%25'],
    ['an escape that must not be read', '%2e%2e', '/customers/%252e%252e'],
    ['a dot inside', 'acme.com', '/customers/acme.com'],
    ['dots beside a slash', '..a/b..', '/customers/..a%2Fb..'],
    ['a backslash', 'a\\b', '/customers/a%5Cb'],
    ['three dots', '...', '/customers/...'],
    ['a space', 'a b', '/customers/a%20b'],
    ['a plus sign', 'a+b', '/customers/a%2Bb'],
    ['an e-mail address', 'joe@example.test', '/customers/joe%40example.test'],
    ['a semicolon and a colon', 'a;b:c', '/customers/a%3Bb%3Ac'],
    ['Unicode', 'Jürgen-😀', '/customers/J%C3%BCrgen-%F0%9F%98%80'],
    ['right-to-left text', 'שלום', '/customers/%D7%A9%D7%9C%D7%95%D7%9D'],
    ['a line break', 'a\r\nx: y', '/customers/a%0D%0Ax%3A%20y'],
  ])('may hold %s', (_, id, expected) => {
    expect(pathOf(id)).toBe(expected);
  });

  it.each([
    ['nothing', ''],
    ['one dot', '.'],
    ['two dots', '..'],
    ['a step up', '../admin'],
    ['a step up in the middle', 'a/../b'],
    ['a step up at the end', 'a/..'],
    ['a step up by backslash', '..\\admin'],
    ['a step on the spot', 'a/./b'],
  ])('may not be %s', (_, id) => {
    expect(() => pathOf(id)).toThrow(expect.objectContaining({ code: 'invalid_customer' }));
  });

  it('may not be broken Unicode, which has no encoding', () => {
    expect(() => pathOf('a\ud800')).toThrow(expect.objectContaining({ code: 'invalid_customer' }));
  });

  it('must be given', () => {
    expect(() => buildRequest(RECHARGE, 'get', GET, {})).toThrow(expect.objectContaining({ code: 'invalid_customer' }));
  });

  it('stays one segment that a server decodes to the same text, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (id) => {
        fc.pre(!/(^|[/\\])\.{1,2}($|[/\\])/.test(id));
        const { pathname, search, hash } = new URL(`https://example.test/v1${pathOf(id)}`);
        const segments = pathname.split('/');
        expect([segments.length, search, hash]).toEqual([4, '', '']);
        expect(decodeURIComponent(segments[3] ?? '')).toBe(id);
      }),
    );
  });
});

describe('headers', () => {
  it('say what is accepted and which version is spoken', () => {
    expect(buildRequest(RECHARGE, 'get', GET, { params: { id: '1' } }).headers).toEqual({
      accept: 'application/json',
      'x-recharge-version': '2021-11',
    });
  });

  it('name the kind of the body only where there is one', () => {
    expect(buildRequest(RECHARGE, 'create', POST, { body: {} }).headers).toHaveProperty(
      'content-type',
      'application/json',
    );
    expect(buildRequest(FORM, 'create', POST, { body: {} }).headers).toHaveProperty(
      'content-type',
      'application/x-www-form-urlencoded',
    );
    expect(buildRequest(FORM, 'create', POST, {}).headers).not.toHaveProperty('content-type');
  });

  it('carry an idempotency key only where the provider takes one', () => {
    const options: CallOptions = { body: {}, idempotencyKey: 'k-1' };
    expect(buildRequest(FORM, 'create', POST, options).headers).toHaveProperty('idempotency-key', 'k-1');
    expect(JSON.stringify(buildRequest(RECHARGE, 'create', POST, options))).not.toContain('k-1');
  });
});

describe('query and body', () => {
  it('are left out where there are none', () => {
    expect(buildRequest(RECHARGE, 'find', { ...GET, path: '/customers' }, { query: {} })).toEqual({
      operation: 'find',
      method: 'GET',
      path: '/customers',
      headers: { accept: 'application/json', 'x-recharge-version': '2021-11' },
    });
  });

  it('are encoded, a plus sign too', () => {
    const { query } = buildRequest(RECHARGE, 'find', POST, { query: { email: 'joe+tag@example.test', limit: '250' } });
    expect(query).toBe('email=joe%2Btag%40example.test&limit=250');
  });

  it('JSON keeps null and drops undefined', () => {
    const { body } = buildRequest(RECHARGE, 'create', POST, { body: { a: null, b: undefined, c: [1, 'ü'] } });
    expect(body).toBe('{"a":null,"c":[1,"ü"]}');
  });

  it('a form body is written as fields', () => {
    expect(buildRequest(FORM, 'create', POST, { body: { metadata: { plan: 'gold' } } }).body).toBe(
      'metadata%5Bplan%5D=gold',
    );
  });
});
