import { describe, expect, it } from 'vitest';
import { leftOut, readField } from './read-field.js';

describe('text', () => {
  it.each([
    ['  Ada ', 'Ada'],
    ['\u00a0Ada\u3000', 'Ada'],
    ['\ufeffAda\u200b', 'Ada'],
    ['\t\r\nAda\u2028', 'Ada'],
  ])('loses the white space around it: %j', (text, clean) => {
    expect(readField('name', text)).toEqual({
      value: clean,
      notes: ['normalised: white space around it was removed'],
    });
  });

  it.each([['Ada  Lovelace'], ['A\u200dB'], ['Ada\u00a0Lovelace'], ['O’Brien'], ['Köhler'], ['👩🏽‍🚀']])(
    'keeps what is inside: %j',
    (text) => {
      expect(readField('name', text)).toEqual({ value: text, notes: [] });
    },
  );

  it('is written in composed Unicode', () => {
    expect(readField('name', 'Ko\u0308hler')).toEqual({
      value: 'K\u00f6hler',
      notes: ['normalised: written in composed Unicode (NFC)'],
    });
  });

  it('keeps the ideographs that NFC would replace', () => {
    expect(readField('name', '\ufa19戸 Ko\u0308').value).toBe('\ufa19戸 K\u00f6');
  });

  it('is left out when it is blank', () => {
    expect(readField('name', ' \u200b ')).toEqual(leftOut('holds nothing but white space'));
  });

  it.each([['name'], ['first_name'], ['last_name'], ['legal_name'], ['legal_number'], ['tax_id']])(
    'is trimmed in %s',
    (field) => {
      expect(readField(field, ' x ').value).toBe('x');
    },
  );

  it.each([['line1'], ['line2'], ['city'], ['state'], ['postal_code']])('is trimmed in %s of an address', (part) => {
    expect(readField('address', { [part]: ' x ' }).value).toEqual({ [part]: 'x' });
  });
});

describe('id', () => {
  it('is written as text when it is a safe integer', () => {
    expect(readField('id', 42)).toEqual({ value: '42', notes: ['normalised: a number was written as text'] });
  });

  it.each([[' c-1 '], ['Ko\u0308'], ['\ufeff1'], [2 ** 53], [1.5], [true], ['']])('stays as it is: %j', (id) => {
    expect(readField('id', id)).toEqual({ value: id, notes: [] });
  });
});

describe('external_ids and metadata', () => {
  it('writes safe integers of external_ids as text, and trims text', () => {
    const ids = { recharge: 82939898, crm: ' x-1 ', shop: 'y', big: 2 ** 53, gone: null };
    expect(readField('external_ids', ids).value).toEqual({ ...ids, recharge: '82939898', crm: 'x-1' });
  });

  it('keeps an external id in the Unicode that it came in', () => {
    expect(readField('external_ids', { crm: 'Ko\u0308' }).value).toEqual({ crm: 'Ko\u0308' });
  });

  it('trims text of metadata, and keeps everything else', () => {
    const metadata = { plan: ' pro ', seats: 5, trial: false, old: null, nested: { a: ' x ' }, list: [' x '] };
    expect(readField('metadata', metadata).value).toEqual({ ...metadata, plan: 'pro' });
  });
});

describe('email', () => {
  it.each([
    ['mailto:Ada@Example.com', 'Ada@Example.com'],
    ['MAILTO:ada@example.com?subject=Hi', 'ada@example.com'],
    ['Ada Lovelace <Ada@example.com>', 'Ada@example.com'],
    ['"Lovelace, Ada" < ada@example.com >', 'ada@example.com'],
    ['<ada@example.com>', 'ada@example.com'],
    ['Ada <mailto:ada@example.com>', 'ada@example.com'],
    [' Ada <jörg@example.com> ', 'jörg@example.com'],
  ])('is taken out of %j', (text, address) => {
    expect(readField('email', text)).toEqual({
      value: address,
      notes: ['normalised: the address was taken out of the text around it'],
    });
  });

  it('is trimmed, and keeps its case', () => {
    expect(readField('email', ' Ada@Example.com ')).toEqual({
      value: 'Ada@Example.com',
      notes: ['normalised: white space around it was removed'],
    });
  });

  it.each([
    ['not an address'],
    ['a@example.com, b@example.com'],
    ['Ada <ada>'],
    ['mailto:'],
    ['mailto:mailto:a@example.com'],
    ['ada‐l@example.com'],
    ['#@>'],
  ])('stays for the parser to judge: %j', (text) => {
    expect(readField('email', text)).toEqual({ value: text, notes: [] });
  });
});

describe('tax_exempt and deleted', () => {
  it.each([
    ['true', true],
    ['YES', true],
    ['y', true],
    ['t', true],
    ['On', true],
    ['1', true],
    [1, true],
    ['False', false],
    ['no', false],
    ['N', false],
    ['f', false],
    ['off', false],
    ['0', false],
    [0, false],
  ])('read %j as %s', (value, truth) => {
    const reading = { value: truth, notes: ['normalised: written as true or false'] };
    expect(readField('tax_exempt', value)).toEqual(reading);
    expect(readField('deleted', value)).toEqual(reading);
  });

  it.each([[true], [false], [2], [null], ['']])('leave %j as it is', (value) => {
    expect(readField('tax_exempt', value)).toEqual({ value, notes: [] });
    expect(readField('deleted', value)).toEqual({ value, notes: [] });
  });

  it('leaves out a tax_exempt that cannot be read', () => {
    expect(readField('tax_exempt', 'reverse')).toEqual(leftOut('is not a word for true or false'));
  });

  it('keeps a tombstone that cannot be read, for the parser to refuse', () => {
    expect(readField('deleted', '2024-05-01')).toEqual({ value: '2024-05-01', notes: [] });
  });
});

describe('url and logo_url', () => {
  it.each([
    ['acme.com', 'https://acme.com'],
    ['www.acme.de/x?y=1#z', 'https://www.acme.de/x?y=1#z'],
    ['Acme.co.uk:8080', 'https://Acme.co.uk:8080'],
    ['//cdn.acme.com/logo.png', 'https://cdn.acme.com/logo.png'],
    ['köln.de', 'https://köln.de'],
  ])('read %j as %s', (text, url) => {
    const reading = { value: url, notes: ['normalised: https:// was put in front'] };
    expect(readField('url', text)).toEqual(reading);
    expect(readField('logo_url', text)).toEqual(reading);
  });

  it.each([['https://acme.com'], ['http://acme.com/a b'], ['HTTPS://ACME.COM']])('leave %j as it is', (url) => {
    expect(readField('url', url)).toEqual({ value: url, notes: [] });
  });

  it.each([
    ['ftp://acme.com'],
    ['javascript:alert(1)'],
    ['data:image/png;base64,AAAA'],
    ['https://'],
    ['http:/acme.com'],
    ['logo.png'],
    ['images/logo.png'],
    ['ada@acme.com'],
    ['192.168.0.1'],
    ['acme'],
    ['n/a'],
    ['acme .com'],
  ])('do not read %j', (text) => {
    expect(readField('logo_url', text)).toEqual(leftOut('is not an http(s) URL or a host name'));
  });
});

describe('updated_at', () => {
  it.each([
    ['2024-05-01 10:00:00+02', '2024-05-01T10:00:00+02:00'],
    ['2024-05-01 10:00:00.123456+0200', '2024-05-01T10:00:00.123456+02:00'],
    ['2024-05-01 10:00:00 -03:30', '2024-05-01T10:00:00-03:30'],
    ['2024-05-01 10:00:00 UTC', '2024-05-01T10:00:00Z'],
    ['2024-05-01t10:00:00z', '2024-05-01T10:00:00Z'],
    ['2024-05-01T10:00:00,5Z', '2024-05-01T10:00:00.5Z'],
    ['2024-05-01 10:00Z', '2024-05-01T10:00Z'],
  ])('reads %j as %s', (text, time) => {
    expect(readField('updated_at', text)).toEqual({ value: time, notes: ['normalised: written as ISO 8601'] });
  });

  it.each([
    [1714557600000, '2024-05-01T10:00:00.000Z', 'milliseconds'],
    ['1714557600000', '2024-05-01T10:00:00.000Z', 'milliseconds'],
    [1714557600, '2024-05-01T10:00:00.000Z', 'seconds'],
    [946684800, '2000-01-01T00:00:00.000Z', 'seconds'],
  ])('reads the epoch time %j as %s', (value, time, unit) => {
    expect(readField('updated_at', value)).toEqual({
      value: time,
      notes: [`normalised: read as ${unit} since 1970 and written as ISO 8601`],
    });
  });

  it.each([['2024-05-01T10:00:00Z'], ['2024-05-01T10:00:00.123+02:00'], ['2024-02-29T10:00Z']])(
    'leaves %s as it is',
    (time) => {
      expect(readField('updated_at', time)).toEqual({ value: time, notes: [] });
    },
  );

  it('writes a Date as text without a note, because the time is the same', () => {
    const date = new Date('2024-05-01T10:00:00Z');
    expect(readField('updated_at', date)).toEqual({ value: '2024-05-01T10:00:00.000Z', notes: [] });
  });

  it.each([
    ['2024-05-01T10:00:00'],
    ['2024-05-01 10:00:00'],
    ['2024-05-01'],
    ['01/05/2024 10:00 +02:00'],
    ['yesterday'],
    ['20240501'],
  ])('does not read %j', (text) => {
    expect(readField('updated_at', text)).toEqual(leftOut('is not a time with Z or an offset from UTC'));
  });

  it.each([['2023-02-29T10:00:00Z'], ['2024-05-01 25:00:00Z'], ['2024-05-01T10:00:00+99:00']])(
    'does not read the impossible %j',
    (text) => {
      expect(readField('updated_at', text)).toEqual(leftOut('is not a day and time that exist'));
    },
  );

  it.each([[0], [20240501], [946684799], [4102444800000], [1714557600.5], [-1714557600], ['1714557600000000']])(
    'does not read the number %j',
    (value) => {
      expect(readField('updated_at', value).value).toBeUndefined();
    },
  );

  it('does not read an invalid Date', () => {
    expect(readField('updated_at', new Date(Number.NaN))).toEqual(leftOut('is not a valid date'));
  });
});
