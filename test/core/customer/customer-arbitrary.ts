import fc from 'fast-check';
import { countryCodes } from '../../../schemas/countries.js';
import type { Customer } from '../../../schemas/customer.js';
import { refusedKeys } from '../../../src/core/mapping/path.js';

/** Mostly short and plain; now and then as long as it may be, or anything that Unicode has. */
function text(maxLength: number): fc.Arbitrary<string> {
  return fc
    .oneof(
      { weight: 4, arbitrary: fc.string({ minLength: 1, maxLength: Math.min(maxLength, 12) }) },
      {
        weight: 2,
        arbitrary: fc.constantFrom("O'Brien", 'Zoë', '山田 太郎', 'مرحبا', '🙂🙃', ' padded ', 'a\tb\nc', '0'),
      },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength }) },
      { weight: 1, arbitrary: fc.constantFrom('a', 'ä', '漢').map((character) => character.repeat(maxLength)) },
    )
    .map((value) => value.replaceAll('\0', '0'))
    .filter((value) => value.trim() !== '');
}

const id = fc
  .oneof(
    fc.stringMatching(/^[A-Za-z0-9_:-]{1,24}$/),
    fc.uuid(),
    fc.constantFrom('a.b', 'a/b', 'ä', '100%', 'x?y#z', "O'Brien", '客户-1', 'a:2eb', '__proto__', 'constructor'),
    text(24).map((value) => value.replace(/\p{Cc}/gu, '').trim() || 'x'),
  )
  .filter((value) => value !== '' && value.trim() === value);

const key = text(24).filter((value) => !refusedKeys.has(value));
const hostileKey = fc.constantFrom('toString', 'hasOwnProperty', 'valueOf', 'crm.id', "it's", 'a[0]', '{x}', 'length');

const email = fc.oneof(
  fc.emailAddress(),
  fc.constantFrom('jörg@example.com', '用户@例子.example', 'A.B+c@Example.COM'),
);
const country = fc.constantFrom(...countryCodes);

/** A field may be there, cleared, or absent. */
function field<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.option(value, { nil: null, freq: 6 });
}

const address = fc.record(
  {
    line1: field(text(300)),
    line2: field(text(40)),
    city: field(text(120)),
    state: field(text(20)),
    postal_code: field(text(12)),
    country: field(country),
  },
  { requiredKeys: [], noNullPrototype: true },
);

const metadata = fc.dictionary(
  fc.oneof({ weight: 4, arbitrary: key }, { weight: 1, arbitrary: hostileKey }),
  field(fc.oneof(text(120), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean())),
  { maxKeys: 6, noNullPrototype: true },
);

const externalIds = fc.dictionary(
  fc.constantFrom('ecommerce', 'shopify', 'bigcommerce', 'salesforce', 'recharge', 'crm', 'toString'),
  field(id),
  { maxKeys: 3, noNullPrototype: true },
);

const fields = {
  id,
  email: field(email),
  name: field(fc.oneof({ weight: 9, arbitrary: text(40) }, { weight: 1, arbitrary: text(300) })),
  first_name: field(text(20)),
  last_name: field(text(20)),
  type: field(fc.constantFrom('individual', 'company')),
  legal_name: field(text(40)),
  legal_number: field(text(20)),
  tax_id: field(text(20)),
  tax_exempt: field(fc.boolean()),
  phone: field(fc.stringMatching(/^\+[1-9]\d{1,14}$/)),
  address: field(address),
  shipping_address: field(address),
  currency: field(fc.constantFrom(...Intl.supportedValuesOf('currency'))),
  timezone: field(fc.constantFrom('UTC', ...Intl.supportedValuesOf('timeZone'))),
  locale: field(fc.constantFrom('en', 'de-AT', 'pt-BR', 'zh-Hant-TW', 'ja', 'sr-Latn-RS', 'EN-us')),
  url: field(fc.webUrl()),
  logo_url: field(fc.webUrl({ withQueryParameters: true })),
  metadata: field(metadata),
  external_ids: field(externalIds),
  updated_at: fc
    .date({ min: new Date('2000-01-01T00:00:00Z'), max: new Date('2100-01-01T00:00:00Z'), noInvalidDate: true })
    .map((date) => date.toISOString()),
} satisfies Partial<Record<keyof Customer, fc.Arbitrary<unknown>>>;

/**
 * Valid customers of every kind: fields absent, cleared and set, text of all scripts, keys that objects inherit. Not
 * deleted, and without `provider_fields`, whose values depend on what an account holds.
 */
export const customerArbitrary: fc.Arbitrary<Customer> = fc.record(fields, {
  requiredKeys: ['id'],
  noNullPrototype: true,
});
