import { describe, expect, it } from 'vitest';
import { parseCustomer, withOtherProblems } from '../../../src/core/customer/parse-customer.js';

function problemsOf(input: unknown): string[] {
  const parsed = parseCustomer(input);
  return parsed.ok ? [] : parsed.problems.map(({ field, message }) => `${field}: ${message}`);
}

const empty = 'is empty text; leave it out to keep what is stored, or write null to clear it';
const blank = 'is nothing but white space; leave it out to keep what is stored, or write null to clear it';
const notText = (kind: string) => `must be text, not ${kind}`;

describe('what is no customer', () => {
  it.each([
    [undefined, 'undefined'],
    [null, 'null'],
    [[], 'a list'],
    ['x', 'text'],
    [7, 'a number'],
    [true, 'true or false'],
    [() => 1, 'function'],
  ])('%s is named by its kind', (input, kind) => {
    expect(parseCustomer(input)).toEqual({
      ok: false,
      problems: [{ field: '', message: `a customer must be an object, not ${kind}` }],
    });
  });
});

describe('a field that breaks a rule', () => {
  it.each<[unknown, string[]]>([
    [{}, ['id: is missing']],
    [{ id: null }, [`id: ${notText('null')}`]],
    [{ id: 42 }, [`id: ${notText('a number')}`]],
    [{ id: '' }, ['id: is empty text; every customer needs an id of yours']],
    [{ id: ' a' }, ['id: has a control character, or spaces around it']],
    [{ id: 'a\n' }, ['id: has a control character, or spaces around it']],
    [{ id: 'a\u0007b' }, ['id: has a control character, or spaces around it']],
    [{ id: 'a', name: '' }, [`name: ${empty}`]],
    [{ id: 'a', email: '' }, [`email: ${empty}`]],
    [{ id: 'a', currency: '' }, [`currency: ${empty}`]],
    [{ id: 'a', metadata: { plan: '' } }, [`metadata.plan: ${empty}`]],
    [{ id: ' ' }, ['id: is nothing but white space; every customer needs an id of yours']],
    [{ id: 'a', name: ' ' }, [`name: ${blank}`]],
    [{ id: 'a', email: '\t' }, [`email: ${blank}`]],
    [{ id: 'a', address: { city: '\u00a0\n' } }, [`address.city: ${blank}`]],
    [{ id: 'a', metadata: { plan: ' ' } }, [`metadata.plan: ${blank}`]],
    [{ id: 'a', metadata: { ' ': 1 } }, ['metadata. : has a key that is nothing but white space']],
    [{ id: 'a', name: 7 }, [`name: ${notText('a number')}`]],
    [{ id: 'a', name: ['A'] }, [`name: ${notText('a list')}`]],
    [{ id: 'a', name: 'a\0' }, ['name: holds a NUL character or broken Unicode']],
    [{ id: 'a', name: '\ud800' }, ['name: holds a NUL character or broken Unicode']],
    [{ id: 'a', email: 'nope' }, ['email: is not an e-mail address']],
    [{ id: 'a', email: 'a@b@c' }, ['email: is not an e-mail address']],
    [{ id: 'a', email: 'a b@c.example' }, ['email: is not an e-mail address']],
    [{ id: 'a', email: 'a\0@b.example' }, ['email: is not an e-mail address']],
    [{ id: 'a', email: 'a@b.example\u0001' }, ['email: is not an e-mail address']],
    [{ id: 'a', email: 'a\ud800@b.example' }, ['email: is not an e-mail address']],
    [{ id: 'a', email: `${'x'.repeat(65)}@b.example` }, ['email: is not an e-mail address']],
    [{ id: 'a', type: 'org' }, ['type: must be one of individual, company']],
    [{ id: 'a', tax_exempt: 'yes' }, ['tax_exempt: must be true or false, not text']],
    [{ id: 'a', tax_exempt: 1 }, ['tax_exempt: must be true or false, not a number']],
    [
      { id: 'a', phone: '030 123' },
      ['phone: is not an E.164 phone number such as "+493012345678" (a country code, no spaces)'],
    ],
    [{ id: 'a', address: 'Berlin' }, ['address: must be an object, not text']],
    [{ id: 'a', address: [] }, ['address: must be an object, not a list']],
    [
      { id: 'a', address: { country: 'de' } },
      ['address.country: is not an ISO 3166-1 alpha-2 country code such as "DE"'],
    ],
    [
      { id: 'a', shipping_address: { country: 'USA' } },
      ['shipping_address.country: is not an ISO 3166-1 alpha-2 country code such as "DE"'],
    ],
    [{ id: 'a', currency: 'eur' }, ['currency: is not an ISO 4217 currency code such as "EUR"']],
    [{ id: 'a', timezone: 'Mars/X' }, ['timezone: is not an IANA time zone such as "Europe/Berlin"']],
    [{ id: 'a', timezone: '+01:00' }, ['timezone: is not an IANA time zone such as "Europe/Berlin"']],
    [{ id: 'a', locale: 'de_AT' }, ['locale: is not a BCP 47 language tag such as "de-AT"']],
    [{ id: 'a', url: 'acme.example' }, ['url: is not an http(s) URL']],
    [{ id: 'a', url: 'javascript:alert(1)' }, ['url: is not an http(s) URL']],
    [{ id: 'a', metadata: ['a'] }, ['metadata: must be an object, not a list']],
    [{ id: 'a', metadata: { a: {} } }, ['metadata.a: must be text, a number, true, false, or null to delete the key']],
    [{ id: 'a', metadata: { a: 'x\0' } }, ['metadata.a: holds a NUL character or broken Unicode']],
    [{ id: 'a', metadata: { '': 1 } }, ['metadata.: has a key that is empty']],
    [{ id: 'a', metadata: { 'a\0': 1 } }, ['metadata.a\0: has a key that holds a NUL character or broken Unicode']],
    [{ id: 'a', external_ids: { shopify: 7 } }, [`external_ids.shopify: ${notText('a number')}`]],
    [
      { id: 'a', external_ids: { shopify: 'a\n' } },
      ['external_ids.shopify: has a control character, or spaces around it'],
    ],
    [{ id: 'a', updated_at: '2026-01-01' }, ['updated_at: is not an ISO 8601 time with Z or an offset']],
    [{ id: 'a', updated_at: '2026-01-01T10:00:00' }, ['updated_at: is not an ISO 8601 time with Z or an offset']],
    [{ id: 'a', updated_at: null }, [`updated_at: ${notText('null')}`]],
    [{ id: 'a', deleted: 'no' }, ['deleted: must be true or false, not text']],
    [{ id: 'a', provider_fields: { lago: 3 } }, ['provider_fields.lago: must be an object, not a number']],
    [{ id: 'a', provider_fields: null }, ['provider_fields: must be an object, not null']],
  ])('%j', (input, problems) => {
    expect(problemsOf(input)).toEqual(problems);
  });

  it('is reported with the others, and with the id', () => {
    const parsed = parseCustomer({ id: 'a', email: 'nope', address: { country: 'XX' }, nmae: 1 });
    expect(parsed).toMatchObject({ ok: false, id: 'a' });
    expect(problemsOf({ id: 'a', email: 'nope', address: { country: 'XX' }, nmae: 1 })).toHaveLength(3);
  });

  it.each([[{}], [{ id: 7 }], [{ id: ' a ' }]])('in %j leaves no id to name the row by', (input) => {
    expect(parseCustomer({ ...input, name: 7 })).not.toHaveProperty('id');
  });
});

describe('an unknown field', () => {
  it.each([
    ['nmae', ' (did you mean "name"?)'],
    ['e_mail', ' (did you mean "email"?)'],
    ['Email', ' (did you mean "email"?)'],
    ['country', ' (did you mean "address.country"?)'],
    ['postal_code', ' (did you mean "address.postal_code"?)'],
    ['firstname', ' (did you mean "first_name"?)'],
    ['meta_data', ' (did you mean "metadata"?)'],
    ['toString', ''],
    ['hasOwnProperty', ''],
    ['x', ''],
    ['favourite_colour', ''],
  ])('%s is refused, with a suggestion where one is near', (field, suggestion) => {
    expect(problemsOf({ id: 'a', [field]: 1 })).toEqual([`${field}: is not a known field${suggestion}`]);
  });

  it('inside an address is named with its path', () => {
    expect(problemsOf({ id: 'a', address: { zip: '1', ctiy: 'B', name: 'C' } })).toEqual([
      'address.zip: is not a known field',
      'address.ctiy: is not a known field (did you mean "city"?)',
      'address.name: is not a known field',
    ]);
  });

  it('is refused however many there are', () => {
    const many = Object.fromEntries(Array.from({ length: 150_000 }, (_, index) => [`${index}`.padEnd(101, 'x'), 1]));
    expect(problemsOf({ id: 'a', ...many })).toHaveLength(150_000);
  });
});

describe('a customer that is accepted', () => {
  it.each([
    { id: 'a' },
    { id: 'a', email: null, name: null, address: null, metadata: null, external_ids: null },
    { id: "O'Brien/ä?#%", name: '山田 太郎', email: 'jörg@exämple.example' },
    { id: 'a', address: { country: 'XK', line1: null } },
    { id: 'a', metadata: { 'crm.id': '1', seats: 0, vip: false, gone: null, toString: 'x' } },
    { id: 'a', locale: 'zh-Hant-TW', timezone: 'Asia/Kolkata', currency: 'JPY', phone: '+15551234' },
    { id: 'a', updated_at: '2026-01-01T10:00:00.123+02:00', deleted: true },
    { id: 'a', provider_fields: { lago: { tax_codes: [], deep: { a: [{ b: null }] } }, own: {} } },
  ])('%j comes back as it is', (input) => {
    expect(parseCustomer(input)).toEqual({ ok: true, customer: input });
  });

  it('loses members that are undefined, at every depth', () => {
    const parsed = parseCustomer({
      id: 'a',
      name: undefined,
      address: { city: undefined },
      metadata: { a: undefined },
      provider_fields: { lago: { tax_codes: undefined } },
    });
    expect(parsed).toStrictEqual({
      ok: true,
      customer: { id: 'a', address: {}, metadata: {}, provider_fields: { lago: {} } },
    });
  });
});

describe('a hostile row', () => {
  it.each([
    ['{"id":"a","__proto__":{"polluted":true}}', '__proto__'],
    ['{"id":"a","constructor":{"prototype":{"polluted":true}}}', 'constructor'],
    ['{"id":"a","address":{"__proto__":{"polluted":true}}}', 'address.__proto__'],
    ['{"id":"a","metadata":{"__proto__":"x"}}', 'metadata.__proto__'],
    ['{"id":"a","metadata":{"constructor":"x"}}', 'metadata.constructor'],
    ['{"id":"a","external_ids":{"prototype":"x"}}', 'external_ids.prototype'],
    ['{"id":"a","provider_fields":{"__proto__":{"x":1}}}', 'provider_fields.__proto__'],
    ['{"id":"a","provider_fields":{"lago":{"list":[{"__proto__":{"x":1}}]}}}', 'provider_fields.lago.list.__proto__'],
  ])('%s is refused and pollutes nothing', (row, field) => {
    expect(problemsOf(JSON.parse(row))).toContain(`${field}: is a key that is never accepted`);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it.each([
    ['objects', 18, true],
    ['objects', 19, false],
    ['lists', 18, true],
    ['lists', 19, false],
  ])('may hold %s within provider_fields.<id>, %i in one another: %s', (kind, levels, accepted) => {
    const wrap = (inner: unknown) => (kind === 'lists' ? [inner] : { a: inner });
    const nested = Array.from({ length: levels }).reduce<unknown>(wrap, 'x');
    expect(parseCustomer({ id: 'a', provider_fields: { own: { nested } } }).ok).toBe(accepted);
  });

  it('that is nested without end is refused', () => {
    let nested: unknown = 1;
    for (let depth = 0; depth < 100_000; depth += 1) nested = { a: nested };
    const [problem] = problemsOf({ id: 'a', provider_fields: { lago: nested } });
    expect(problem).toMatch(/is nested more than 20 levels deep$/);
  });

  it('that holds itself many times is refused at once', () => {
    const row: Record<string, unknown> = { id: 'a' };
    for (const key of ['name', 'email', 'address', 'metadata', 'phone', 'url', 'external_ids', 'locale'])
      row[key] = row;
    const [problem] = problemsOf(row);
    expect(problem).toMatch(/is nested more than 20 levels deep$/);
  });
});

describe('what a normaliser found', () => {
  const unreadable = { field: 'phone', message: 'is no telephone number' };

  it('is told with everything else that is wrong with the row', () => {
    const problems = withOtherProblems([unreadable], { id: 'a', emial: 'a@mail.example', name: 7 });
    expect(problems.map(({ field }) => field)).toEqual(['phone', 'name', 'emial']);
  });

  it('is told once, though what was left out is missing now', () => {
    const found = [{ field: 'id', message: 'holds nothing but white space' }];
    expect(withOtherProblems(found, { name: 'Ann' })).toEqual(found);
  });

  it('is all where the rest is right, and nothing is made of nothing', () => {
    expect(withOtherProblems([unreadable], { id: 'a' })).toEqual([unreadable]);
    expect(withOtherProblems([], { name: 'Ann' })).toEqual([]);
  });
});
