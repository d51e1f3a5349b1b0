import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countryCodes } from '../../schemas/countries.js';
import { parseCustomer } from '../../src/core/customer/parse-customer.js';
import { normaliseCustomer } from '../../src/normalise/normalise-customer.js';

const fields = [
  'id email name first_name last_name type legal_name legal_number tax_id tax_exempt phone address shipping_address',
  'currency timezone locale url logo_url metadata external_ids updated_at deleted provider_fields nickname',
].flatMap((names) => names.split(' '));

/** Text as sources have it: mostly nearly right. */
const messyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    ...['USA', ' Germany', 'Deutschland', 'Congo', 'de', 'U.K.', 'eur', '€', '$', 'europe/berlin', 'GMT', '+02:00'],
    ...[
      'pt_BR',
      'en_US.UTF-8',
      'BR',
      'english',
      'Company',
      'b2c',
      'yes',
      '0',
      'acme.com',
      'ftp://acme.com',
      'logo.png',
    ],
    ...['mailto:a@example.com', 'A <a@example.com>', ' a@example.com', '2024-05-01 10:00:00+02', '2024-05-01', '', ' '],
    ...['1714557600', 'Ko\u0308ln', '\ufa19', '\u00a0x\u200b', '//acme.com', 'https://', 'mailto:mailto:a@example.com'],
  ),
  fc.stringMatching(/^\+?[\d ()/.x-]{3,20}$/),
  fc.stringMatching(/^(\+|00)\d{1,3} ?\(0\) ?\d{6,10}( x\d{2})?$/),
  fc.stringMatching(/^\+[1-9]\d{4,14}$/),
  fc.stringMatching(/^[ \u00a0]?[a-z]{2}[_-][a-zA-Z]{2}(\.UTF-8)? ?$/),
);

const messyValue = fc.oneof(
  { weight: 5, arbitrary: messyText },
  { weight: 1, arbitrary: fc.jsonValue() },
  { weight: 1, arbitrary: fc.integer() },
);

const messyObject = fc.dictionary(
  fc.oneof(fc.constantFrom('country', 'city', 'line1', 'plan', 'a.b', '__proto__', 'constructor'), fc.string()),
  messyValue,
);

const messyCustomer = fc.dictionary(
  fc.constantFrom(...fields),
  fc.oneof({ weight: 3, arbitrary: messyValue }, { weight: 1, arbitrary: messyObject }),
);

const anything = fc.oneof({ weight: 4, arbitrary: messyCustomer }, { weight: 1, arbitrary: fc.jsonValue() });

const runs = { numRuns: 2_000 };

describe('for any input', () => {
  it('does not throw', () => {
    fc.assert(
      fc.property(anything, fc.boolean(), (input, strict) => {
        expect(() => normaliseCustomer(input, { strict })).not.toThrow();
      }),
      runs,
    );
  });

  it('does not change the input', () => {
    fc.assert(
      fc.property(anything, (input) => {
        const before = fc.stringify(input);
        normaliseCustomer(input);
        expect(fc.stringify(input)).toBe(before);
      }),
      runs,
    );
  });

  it('finds nothing to change in its own result', () => {
    fc.assert(
      fc.property(anything, (input) => {
        const { value } = normaliseCustomer(input);
        expect(normaliseCustomer(value)).toStrictEqual({ value, notes: [], problems: [] });
      }),
      runs,
    );
  });

  it('notes every value that it left out or changed, with the value', () => {
    fc.assert(
      fc.property(messyCustomer, (input) => {
        const { value, notes } = normaliseCustomer(input);
        const noted = notes.map((note) => JSON.stringify([note.from, note.to])).sort();
        expect(noted).toEqual(differences(input, value).sort());
      }),
      runs,
    );
  });

  it('makes a problem of each value that it would leave out, when strict', () => {
    fc.assert(
      fc.property(messyCustomer, (input) => {
        const lenient = normaliseCustomer(input);
        const strict = normaliseCustomer(input, { strict: true });
        const unreadable = lenient.notes.filter(({ code }) => code === 'unreadable_value');
        expect(strict.value).toStrictEqual(lenient.value);
        expect(strict.notes).toEqual(lenient.notes.filter(({ code }) => code === 'normalised'));
        expect(strict.problems.map(({ field }) => field)).toEqual(unreadable.map(({ field }) => field));
      }),
      runs,
    );
  });
});

describe('for any clean customer', () => {
  it('changes nothing and has nothing to say', () => {
    fc.assert(
      fc.property(cleanCustomer(), (customer) => {
        expect(parseCustomer(customer).ok).toBe(true);
        expect(normaliseCustomer(customer)).toEqual({ value: customer, notes: [], problems: [] });
      }),
      runs,
    );
  });
});

/** `[before, after]` of each member that differs, one level down into the objects of a customer. */
function differences(before: object, after: unknown, isPart = false): string[] {
  const rest = new Map(Object.entries(Object(after)));
  return Object.entries(before).flatMap(([key, value]: [string, unknown]) => {
    const other = rest.get(key);
    if (JSON.stringify(value) === JSON.stringify(other)) return [];
    if (!isPart && typeof value === 'object' && value !== null) return differences(value, other, true);
    return [JSON.stringify([value, other])];
  });
}

function cleanCustomer() {
  const text = fc
    .string({ unit: 'grapheme', minLength: 1 })
    .map((value) => `x${value.normalize('NFC')}x`)
    .filter((value) => value.normalize('NFC') === value && !value.includes('\0'));
  const id = fc.stringMatching(/^[\w/?#%'-]{1,30}$/);
  const key = fc.stringMatching(/^k[\w.-]{0,10}$/);
  const nothing = fc.constant(null);
  const address = fc.record(
    {
      line1: text,
      line2: fc.oneof(text, nothing),
      city: text,
      state: text,
      postal_code: text,
      country: fc.oneof(fc.constantFrom(...countryCodes), nothing),
    },
    { requiredKeys: [] },
  );
  return fc.record(
    {
      id,
      email: fc.oneof(fc.constantFrom('Ada@Example.com', 'jörg@example.com', 'a+b@sub.example.co.uk'), nothing),
      name: fc.oneof(text, nothing),
      first_name: text,
      last_name: text,
      type: fc.constantFrom('individual', 'company'),
      legal_name: text,
      legal_number: text,
      tax_id: text,
      tax_exempt: fc.boolean(),
      phone: fc.stringMatching(/^\+(1[2-9]|49[1-9]|390|420[1-9])\d{4,10}$/),
      address: fc.oneof(address, nothing),
      shipping_address: address,
      currency: fc.constantFrom(...Intl.supportedValuesOf('currency')),
      timezone: fc.constantFrom(...Intl.supportedValuesOf('timeZone'), 'UTC', 'Asia/Kolkata', 'US/Eastern'),
      locale: fc.constantFrom('de', 'pt-BR', 'zh-Hant-TW', 'es-419', 'fil'),
      url: fc.webUrl(),
      logo_url: fc.webUrl(),
      metadata: fc.dictionary(
        key,
        fc.oneof(text, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), nothing),
      ),
      external_ids: fc.dictionary(key, fc.oneof(id, nothing)),
      updated_at: fc
        .date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
        .map((date) => date.toISOString()),
      deleted: fc.boolean(),
      provider_fields: fc.dictionary(key, fc.dictionary(key, fc.oneof(messyText, fc.integer(), fc.boolean()))),
    },
    { requiredKeys: ['id'] },
  );
}
