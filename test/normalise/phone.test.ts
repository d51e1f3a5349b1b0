import { describe, expect, it } from 'vitest';
import { normaliseCustomer } from '../../src/normalise/normalise-customer.js';
import { readField } from './read-field.js';

const none = undefined;

function readPhone(phone: string, country?: string) {
  return readField('phone', phone, country === undefined ? {} : { address: { country } });
}

describe('a phone number with a calling code', () => {
  it.each([
    ['+55 (12) 3923-5555', '+551239235555'],
    ['+1 (650) 253-0000', '+16502530000'],
    ['+1-204-452-6452', '+12044526452'],
    ['+1.416.363.8888', '+14163638888'],
    ['+52 55 5283 2000', '+525552832000'],
    ['+54 (0)11 4311 4333', '+541143114333'],
    ['+54 9 11 2345-6789', '+5491123456789'],
    ['+56 (0)2 2635 4444', '+56226354444'],
    ['+57 601 3456789', '+576013456789'],
    ['+49 0711 2842222', '+497112842222'],
    ['+49 (0)30 / 26 55 02 80', '+493026550280'],
    ['+49 30 1234567-0', '+493012345670'],
    ['+49 (0)33205/123456', '+4933205123456'],
    ['+43 01 5134505', '+4315134505'],
    ['+41 (0)44 668 18 00', '+41446681800'],
    ['+32 02 219 03 03', '+3222190303'],
    ['+31 020 6223130', '+31206223130'],
    ['+33 01 49 70 65 65', '+33149706565'],
    ['+34 914 454 454', '+34914454454'],
    ['+351 (213) 466-111', '+351213466111'],
    ['+39 06 39733434', '+390639733434'],
    ['+39 (0)6 39733434', '+390639733434'],
    ['+44 (0)20 7946 0958', '+442079460958'],
    ['+44 0131 315 3300', '+441313153300'],
    ['+353 01 6792424', '+35316792424'],
    ['+46 08-651 52 52', '+4686515252'],
    ['+47 22 44 22 22', '+4722442222'],
    ['+358 09 870 2000', '+35898702000'],
    ['+420 2 4172 5555', '+420241725555'],
    ['+48 22 828 37 39', '+48228283739'],
    ['+36 06 1 234 5678', '+3612345678'],
    ['+7 8 495 123-45-67', '+74951234567'],
    ['+90 (0)212 252 34 56', '+902122523456'],
    ['+972 (0)3 123 4567', '+97231234567'],
    ['+27 (0)11 123 4567', '+27111234567'],
    ['+225 07 07 12 34 56', '+2250707123456'],
    ['+91 080 22289999', '+918022289999'],
    ['+81 (0)3-1234-5678', '+81312345678'],
    ['+66 (0)2 123 4567', '+6621234567'],
    ['+61 (02) 9332 3633', '+61293323633'],
    ['+383 44 123 456', '+38344123456'],
    ['+800 1234 5678', '+80012345678'],
    ['0049 30 2141444', '+49302141444'],
    ['00 44 20 7946 0958', '+442079460958'],
    ['(+49) 30 2141444', '+49302141444'],
    ['+0049 30 2141444', '+49302141444'],
    ['++49 30 2141444', '+49302141444'],
    ['Tel.: +49 30 2141444', '+49302141444'],
    ['tel:+49-30-2141444', '+49302141444'],
    ["'+49 30 2141444", '+49302141444'],
    ['\u202a+49\u00a030\u00a02141444\u202c', '+49302141444'],
    ['＋４９ ３０ ２１４１４４４', '+49302141444'],
    ['+49\u200b30\u00ad2141444', '+49302141444'],
    ['+49 30 214\u20111444', '+49302141444'],
  ])('reads %j as %s without knowing a country', (text, number) => {
    expect(readPhone(text)).toEqual({ value: number, notes: ['normalised: written as E.164'] });
  });

  it.each([['+497112842222'], ['+12125551234'], ['+390639733434'], ['+2250707123456'], ['+5215512345678'], ['+12']])(
    'leaves %s as it is',
    (number) => {
      expect(readPhone(number, 'DE')).toEqual({ value: number, notes: [] });
    },
  );

  it('takes a trunk zero out of a number that has the form of E.164', () => {
    expect(readPhone('+4907112842222')).toEqual({
      value: '+497112842222',
      notes: ['normalised: the zero behind the calling code was removed'],
    });
  });

  it.each([['+56026354444'], ['+4401632960123']])(
    'leaves the zero in %s, because no valid number comes out without it',
    (number) => {
      expect(readPhone(number)).toEqual({ value: number, notes: [] });
    },
  );
});

describe('a phone number without a calling code', () => {
  it.each([
    ['030-0074321', 'Germany', '+49300074321'],
    ['030/1234567', 'DE', '+49301234567'],
    ['033205/123456', 'DE', '+4933205123456'],
    ['0171 1234567', 'Deutschland', '+491711234567'],
    ['01 5134505', 'Austria', '+4315134505'],
    ['044 668 18 00', 'CH', '+41446681800'],
    ['01.49.70.65.65', 'France', '+33149706565'],
    ['020 7946 0958', 'UK', '+442079460958'],
    ['06 39733434', 'Italy', '+390639733434'],
    ['914 454 454', 'Spain', '+34914454454'],
    ['06 1 234 5678', 'HU', '+3612345678'],
    ['8 (495) 123-45-67', 'Russia', '+74951234567'],
    ['(212) 555-1234', 'USA', '+12125551234'],
    ['(11) 3033-5446', 'Brazil', '+551130335446'],
    ['015 11 3033-5446', 'BR', '+551130335446'],
    ['55 3221-1234', 'BR', '+555532211234'],
    ['011 15 2345 6789', 'AR', '+5491123456789'],
    ['02 2635 4444', 'CL', '+56226354444'],
    ['(02) 9332 3633', 'Australia', '+61293323633'],
    ['03-1234-5678', 'Japan', '+81312345678'],
    ['080 22289999', 'India', '+918022289999'],
    ['044 123 456', 'XK', '+38344123456'],
    ['07 07 12 34 56', 'Ivory Coast', '+2250707123456'],
    ['٠٣٠ ١٢٣٤٥٦', 'DE', '+4930123456'],
  ])('reads %j in %s as %s', (text, country, number) => {
    expect(readPhone(text, country)).toEqual({
      value: number,
      notes: ['normalised: written as E.164, with the calling code of the country of the address'],
    });
  });

  it.each([
    ['1 (514) 721-4711', 'CA', '+15147214711'],
    ['49 30 1234567', 'DE', '+49301234567'],
    ['33 1 49 70 65 65', 'FR', '+33149706565'],
    ['55 12 3923-5555', 'BR', '+551239235555'],
    ['91 80 22289999', 'IN', '+918022289999'],
    ['011 49 30 123456', 'US', '+4930123456'],
    ['0011 49 30 123456', 'AU', '+4930123456'],
    ['001-49-30-123456', 'KR', '+4930123456'],
    ['0049 30 123456', 'BR', '+4930123456'],
    ['0041 44 668 18 00', 'BR', '+41446681800'],
    ['0049 30 123456', 'US', '+4930123456'],
  ])('sees the calling code in %j, dialled in %s', (text, country, number) => {
    expect(readPhone(text, country)).toEqual({ value: number, notes: ['normalised: written as E.164'] });
  });

  it('is read in the country of the shipping address when the billing address has none', () => {
    const rest = { address: { city: 'Berlin', country: null }, shipping_address: { country: 'Germany' } };
    expect(readField('phone', '030 2141444', rest).value).toBe('+49302141444');
  });

  it('is read in the country of the billing address when both addresses have one', () => {
    const rest = { address: { country: 'Germany' }, shipping_address: { country: 'France' } };
    expect(readField('phone', '030 2141444', rest).value).toBe('+49302141444');
  });

  it('is not read in the country of the shipping address when that of the billing address cannot be read', () => {
    const rest = { address: { country: 'Atlantis' }, shipping_address: { country: 'DE' } };
    expect(readField('phone', '030 2141444', rest)).toEqual({
      notes: ['unreadable_value: is a local number, and its country is not known; left out'],
    });
  });
});

describe('what comes after a phone number', () => {
  it.each([
    ['+1 212 555 1234 x12'],
    ['+1 212 555 1234 ext. 12'],
    ['+1 212 555 1234ext12'],
    ['+1 212 555 1234 extension 12'],
    ['+1 212 555 1234 #12'],
    ['+1 212 555 1234,12'],
    ['tel:+1-212-555-1234;ext=12'],
  ])('is dropped with a note when it is an extension: %j', (text) => {
    expect(readPhone(text)).toEqual({
      value: '+12125551234',
      notes: ['normalised: written as E.164; its extension was dropped, which E.164 cannot hold'],
    });
  });

  it('is dropped and the number called unusual when both are so', () => {
    expect(readPhone('1-171-883-3711 x245', 'US')).toEqual({
      value: '+11718833711',
      notes: [
        'normalised: written as E.164; its extension was dropped, which E.164 cannot hold; ' +
          'the number is unusual: possible, but in no range known to be in use',
      ],
    });
  });

  it.each([
    ['030 1234567 / 0171 7654321', 'DE'],
    ['030 1234567/68', 'DE'],
    ['+49 30 123456 +49 40 654321', none],
    ['+49 30 123456; +49 40 654321', none],
    ['212-555-1234, 212-555-9876', 'US'],
    ['212-555-1234, 5559876', 'US'],
    ['212-555-1234 or 212-555-9876', 'US'],
    ['212-555-1234\n212-555-9876', 'US'],
    ['030 1234567 und 0171 7654321', 'DE'],
  ])('makes %j several numbers, and none is taken', (text, country) => {
    expect(readPhone(text, country)).toEqual({ notes: ['unreadable_value: holds several phone numbers; left out'] });
  });
});

describe('a phone number that cannot be read', () => {
  it.each([
    ['n/a', 'DE', 'is not a phone number'],
    ['-', 'DE', 'is not a phone number'],
    ['+', none, 'is not a phone number'],
    ['1-800-FLOWERS', 'US', 'is not a phone number'],
    ['fax: +49 30 123456', none, 'is not a phone number'],
    ['+49 30 123456 (office)', none, 'is not a phone number'],
    ['030 123456²', 'DE', 'is not a phone number'],
    ['0'.repeat(101), 'DE', 'is not a phone number'],
    ['4.93012E+11', 'DE', 'is a number as spreadsheets write it, with other digits than it had'],
    ['493012345678.0', 'DE', 'is a number as spreadsheets write it, with other digits than it had'],
    ['+453 3331 9991', none, 'is not a possible phone number'],
    ['+56 (0)2 635 4444', none, 'is not a possible phone number'],
    ['+56 0026354444', none, 'is not a possible phone number'],
    ['+52 1 55 1234 5678', none, 'is not a possible phone number'],
    ['+999 123456', none, 'is not a possible phone number'],
    ['+49 30 1234567890123', none, 'is not a possible phone number'],
    ['555-1234', 'US', 'is not a possible phone number'],
    ['911', 'US', 'is not a possible phone number'],
    ['000000000', 'DE', 'is not a possible phone number'],
    ['030 123456', none, 'is a local number, and its country is not known'],
    ['030 123456', 'AQ', 'is a local number, and its country has no numbering plan'],
    ['49 4930 1234', 'DE', 'can be read as two phone numbers'],
  ])('is left out: %j in %s', (text, country, reason) => {
    expect(readPhone(text, country)).toEqual({ notes: [`unreadable_value: ${reason}; left out`] });
  });
});

describe('a phone number in no known range', () => {
  it.each([
    ['+1 (555) 123-4567', none, '+15551234567'],
    ['+91 0124 39883988', none, '+9112439883988'],
    ['+44 (0) 1632 960123', none, '+441632960123'],
  ])('is taken, and called unusual: %j', (text, country, number) => {
    expect(readPhone(text, country)).toEqual({
      value: number,
      notes: ['normalised: written as E.164; the number is unusual: possible, but in no range known to be in use'],
    });
  });
});

it('leaves a phone number of a wrong shape for the parser', () => {
  expect(readField('phone', 493012345678, { address: { country: 'DE' } })).toEqual({ value: 493012345678, notes: [] });
});

it('reads no phone number and no country inside provider_fields', () => {
  const customer = { id: 'c-1', provider_fields: { lago: { phone: '030 123456', country: 'Germany' } } };
  expect(normaliseCustomer(customer)).toEqual({ value: customer, notes: [], problems: [] });
});
