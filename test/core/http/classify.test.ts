import { describe, expect, it } from 'vitest';
import { definition as flexpriceDefinition } from '../../../providers/flexprice/definition.js';
import { definition as lagoDefinition } from '../../../providers/lago/definition.js';
import { definition as rechargeDefinition } from '../../../providers/recharge/definition.js';
import { definitionSchema, type ErrorRule, type ProviderDefinition } from '../../../schemas/definition.js';
import { classify } from '../../../src/core/http/classify.js';
import { ProviderError, verdictOf } from '../../../src/core/http/provider-error.js';

const FLEXPRICE = definitionSchema.parse(flexpriceDefinition);
const LAGO = definitionSchema.parse(lagoDefinition);
const RECHARGE = definitionSchema.parse(rechargeDefinition);

function withRules(rules: readonly ErrorRule[]): ProviderDefinition {
  return { ...RECHARGE, errors: { code: ['code'], message: ['message'], fields: ['fields'], rules: [...rules] } };
}

const CREATE = { operation: 'create', method: 'POST', path: '/customers', headers: {} } as const;

describe('what may be shown of a message', () => {
  it('hides what stood in the path and in the query, decoded', () => {
    const request = {
      operation: 'get',
      method: 'GET',
      path: '/customers/external/J%C3%BCrgen%20X',
      query: 'email=joe+bloggs&limit=250',
      headers: {},
    } as const;
    const body = { message: 'nothing for Jürgen X (joe bloggs)' };
    const { message } = classify(FLEXPRICE, request, { status: 400, headers: {}, body }, body);
    expect(message).toBe('nothing for […] ([…])');
  });

  it('keeps the words of the API: literal parts of the path and names in the query', () => {
    const request = {
      operation: 'update',
      method: 'PUT',
      path: '/customers',
      query: 'external_customer_id=acme-1',
      headers: {},
    } as const;
    const body = { message: 'external_customer_id acme-1 is not among the customers' };
    const { message } = classify(FLEXPRICE, request, { status: 400, headers: {}, body }, body);
    expect(message).toBe('external_customer_id […] is not among the customers');
  });

  it('hides a value that equals a word of the path where the value stands', () => {
    const request = { operation: 'get', method: 'GET', path: '/customers/external/external', headers: {} } as const;
    const body = { message: 'no external' };
    expect(classify(FLEXPRICE, request, { status: 400, headers: {}, body }, body).message).toBe('no […]');
  });

  it('hides what stood in a form body', () => {
    const request = { ...CREATE, body: 'email=joe%40example.test&name=Joe+Bloggs' };
    const body = { message: 'no Joe Bloggs' };
    expect(classify(withRules([]), request, { status: 400, headers: {}, body }, body).message).toBe('no […]');
  });

  it('hides what is said about a field as well', () => {
    const request = { ...CREATE, body: '{"first_name":"Niels"}' };
    const body = { errors: { first_name: ['Niels is not a name, joe@example.test neither'] } };
    const { fields } = classify(RECHARGE, request, { status: 422, headers: {}, body }, body);
    expect(fields).toEqual([{ field: 'first_name', message: '[…] is not a name, […] neither' }]);
  });

  it('shows nothing of a 401, which may repeat a part of the key', () => {
    const body = { error: 'the key sk_live_12 is wrong', errors: { key: 'sk_live_12 is wrong' } };
    const verdict = classify(RECHARGE, CREATE, { status: 401, headers: {}, body }, body);
    expect(JSON.stringify(verdict)).not.toContain('sk_live');
    expect(JSON.stringify(new ProviderError(RECHARGE, 'create', verdict))).not.toContain('sk_live');
  });
});

describe('fields', () => {
  it('are read through lists and maps, to a bounded depth', () => {
    const deep = { a: { b: { c: { d: { e: { f: { g: 'too deep' } } } } } } };
    const body = { errors: { ...deep, list: [['x'], { y: 'z' }], number: 5, nothing: null } };
    const { fields } = classify(RECHARGE, CREATE, { status: 422, headers: {}, body }, body);
    expect(fields).toEqual([
      { field: 'list', message: 'x' },
      { field: 'list.y', message: 'z' },
      { field: 'number', message: '5' },
      { field: 'nothing', message: 'null' },
    ]);
  });

  it('may have names that every object has', () => {
    const body = JSON.parse('{"errors":{"constructor":["bad"],"__proto__":["worse"]}}');
    const { fields } = classify(RECHARGE, CREATE, { status: 422, headers: {}, body }, body);
    expect(fields.map(({ field }) => field)).toEqual(['constructor', '__proto__']);
  });
});

describe('rules', () => {
  const answer = (status: number, body: unknown, operation = 'create') => ({
    request: { ...CREATE, operation },
    response: { status, headers: {}, body },
  });

  it.each<[string, ErrorRule, number, unknown, boolean]>([
    ['status', { status: 400, is: 'exists' }, 400, {}, true],
    ['another status', { status: 400, is: 'exists' }, 422, {}, false],
    ['one of several statuses', { status: [400, 422], is: 'exists' }, 422, {}, true],
    ['code', { code: 'dup', is: 'exists' }, 422, { code: 'dup' }, true],
    ['another code', { code: 'dup', is: 'exists' }, 422, { code: 'other' }, false],
    ['no code', { code: 'dup', is: 'exists' }, 422, {}, false],
    ['one of several codes', { code: ['dup', 'twice'], is: 'exists' }, 422, { code: 'twice' }, true],
    ['words, in any case', { message: 'is taken', is: 'exists' }, 422, { message: 'It IS TAKEN.' }, true],
    ['field', { field: 'email', is: 'exists' }, 422, { fields: { email: 'x' } }, true],
    ['another field', { field: 'email', is: 'exists' }, 422, { fields: { name: 'x' } }, false],
    ['field and words', { field: 'email', says: 'taken', is: 'exists' }, 422, { fields: { email: 'Taken' } }, true],
    [
      'words about another field',
      { field: 'email', says: 'taken', is: 'exists' },
      422,
      { fields: { email: 'bad', name: 'taken' } },
      false,
    ],
    ['operation', { operation: 'create', is: 'exists' }, 422, {}, true],
    ['another operation', { operation: 'update', is: 'exists' }, 422, {}, false],
    ['status but not code', { status: 422, code: 'dup', is: 'exists' }, 422, { code: 'x' }, false],
  ])('go by %s', (_, rule, status, body, fits) => {
    const { request, response } = answer(status, body);
    const { is } = classify(withRules([rule]), request, response, body);
    expect(is === 'exists').toBe(fits);
  });

  it('are tried in their order', () => {
    const { request, response } = answer(422, {});
    const rules: ErrorRule[] = [{ status: 422, is: 'busy', remedy: 'first' }, { is: 'exists' }];
    expect(classify(withRules(rules), request, response, {})).toMatchObject({ is: 'busy', remedy: 'first' });
  });

  it('look at the words as they came, though the words are hidden afterwards', () => {
    const request = { ...CREATE, body: '{"name":"already exists"}' };
    const body = { message: 'already exists' };
    const rules: ErrorRule[] = [{ message: 'already exists', is: 'exists' }];
    expect(classify(withRules(rules), request, { status: 400, headers: {}, body }, body)).toMatchObject({
      is: 'exists',
      message: '[…]',
    });
  });
});

describe('the error made of a verdict', () => {
  it('names provider, status, operation and fields once', () => {
    const body = { errors: { email: ['a', 'b'], phone: 'c' } };
    const verdict = classify(RECHARGE, CREATE, { status: 422, headers: {}, body }, body);
    expect(new ProviderError(RECHARGE, 'create', verdict).message).toBe(
      'Recharge answered 422 to create (email, phone)',
    );
  });

  it('repeats what the provider said', () => {
    const body = { status: 500, error: 'Internal Server Error' };
    const verdict = classify(LAGO, CREATE, { status: 500, headers: {}, body }, body);
    expect(new ProviderError(LAGO, 'create', verdict).message).toBe(
      'Lago answered 500 to create: Internal Server Error',
    );
  });

  it('tells its verdict, also to those who know it by its shape only', () => {
    const body = { errors: { email: 'already exists' } };
    const error = new ProviderError(
      RECHARGE,
      'create',
      classify(RECHARGE, CREATE, { status: 422, headers: {}, body }, body),
    );
    expect(verdictOf(error)).toBe('exists');
    expect(verdictOf({ ...error })).toBe('exists');
    expect(verdictOf(new Error('other'))).toBeUndefined();
    expect(verdictOf(undefined)).toBeUndefined();
  });

  it('is retryable where waiting may help', () => {
    const retryable = (status: number) =>
      new ProviderError(LAGO, 'create', classify(LAGO, CREATE, { status, headers: {}, body: '' }, '')).retryable;
    expect([429, 500, 503, 408, 423].map(retryable)).toEqual([true, true, true, true, true]);
    expect([400, 401, 403, 404, 409, 422, 302].map(retryable)).toEqual(Array(7).fill(false));
  });
});

describe('the one field that an error is about', () => {
  const about = (body: 'json' | 'form', param: unknown) => {
    const { errors, api } = withRules([]);
    const definition = { ...RECHARGE, api: { ...api, body }, errors: { ...errors, field: 'error.param' } };
    const answer = { message: 'is wrong', error: { param } };
    return classify(definition, CREATE, { status: 400, headers: {}, body: answer }, answer).fields;
  };

  it('is named, with the message', () => {
    expect(about('json', 'email')).toEqual([{ field: 'email', message: 'is wrong' }]);
  });

  it('is named in the words of a mapping where bodies are forms', () => {
    expect(about('form', 'address[city]')).toEqual([{ field: 'address.city', message: 'is wrong' }]);
    expect(about('json', 'list[0]')).toEqual([{ field: 'list[0]', message: 'is wrong' }]);
  });

  it.each([undefined, '', 7, ['email']])('is not there where the error has %j', (param) => {
    expect(about('form', param)).toEqual([]);
  });
});
