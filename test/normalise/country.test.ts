import { expect, it } from 'vitest';
import { countryCodes } from '../../schemas/countries.js';
import { normaliseCustomer } from '../../src/normalise/normalise-customer.js';
import { readField } from './read-field.js';

function readCountry(country: unknown): unknown {
  return readField('address', { country }).value;
}

it.each([
  ['de', 'DE'],
  ['De', 'DE'],
  ['deu', 'DE'],
  ['BRA', 'BR'],
  ['xk', 'XK'],
  ['XKX', 'XK'],
  ['UK', 'GB'],
  ['el', 'GR'],
  ['USA', 'US'],
  ['U.S.A.', 'US'],
  ['u.s.', 'US'],
  ['United States (US)', 'US'],
  ['UNITED STATES OF AMERICA', 'US'],
  ['Brazil', 'BR'],
  ['Germany', 'DE'],
  ['England', 'GB'],
  ['Scotland', 'GB'],
  ['Great Britain', 'GB'],
  ['U.K.', 'GB'],
  ['South Korea', 'KR'],
  ['Korea, Republic of', 'KR'],
  ['Korea, Democratic People’s Republic of', 'KP'],
  ['Russia', 'RU'],
  ['Czech Republic', 'CZ'],
  ['Czechia', 'CZ'],
  ['The Netherlands', 'NL'],
  ['Netherlands, The', 'NL'],
  ['Holland', 'NL'],
  ['Ivory Coast', 'CI'],
  ['Côte d’Ivoire', 'CI'],
  ['Cote D Ivoire', 'CI'],
  ['Iran, Islamic Republic of', 'IR'],
  ['Viet Nam', 'VN'],
  ['Swaziland', 'SZ'],
  ['Macedonia', 'MK'],
  ['Vatican City', 'VA'],
  ['Hong Kong SAR', 'HK'],
  ['St. Lucia', 'LC'],
  ['Trinidad & Tobago', 'TT'],
  ['Virgin Islands, U.S.', 'VI'],
  ['DR Congo', 'CD'],
  ['Congo, Democratic Republic of the', 'CD'],
  ['Congo-Brazzaville', 'CG'],
  ['Turkiye', 'TR'],
  ['Curacao', 'CW'],
  ['ALAND ISLANDS', 'AX'],
  ['Niger', 'NE'],
  ['Georgia', 'GE'],
  [' Germany\u00a0', 'DE'],
  ['Deutschland', 'DE'],
  ['osterreich', 'AT'],
  ['Suisse', 'CH'],
  ['ESPAÑA', 'ES'],
  ['Stati Uniti', 'US'],
  ['EE. UU.', 'US'],
  ['Países Bajos', 'NL'],
  ['Česko', 'CZ'],
  ['Čad', 'TD'],
  ['Mỹ', 'US'],
  ['Kıbrıs', 'CY'],
  ['Łotwa', 'LV'],
  ['Danmark', 'DK'],
  ['Ελλάδα', 'GR'],
  ['Україна', 'UA'],
  ['Россия', 'RU'],
  ['日本', 'JP'],
  ['中國', 'CN'],
  ['대한민국', 'KR'],
  ['مصر', 'EG'],
  ['भारत', 'IN'],
])('reads %j as %s', (name, code) => {
  expect(readCountry(name)).toEqual({ country: code });
});

it.each([
  ['Congo'],
  ['Kongo'],
  ['Korea'],
  ['Saint Martin'],
  ['St. Martin'],
  ['Virgin Islands'],
  ['America'],
  ['CAD'],
  ['EUR'],
  ['Eýran'],
  ['República Popular do Congo'],
  ['Yugoslavia'],
  ['AN'],
  ['ZZ'],
  ['EU'],
  ['276'],
  ['Atlantis'],
  ['Berlin, Germany'],
  ['n/a'],
  ['constructor'],
  ['__proto__'],
])('does not read %j', (name) => {
  expect(readCountry(name)).toEqual({});
});

it('reads the codes that look like the short names of other languages as codes', () => {
  expect(readCountry('my')).toEqual({ country: 'MY' });
});

it('leaves every code of the customer model as it is', () => {
  const customers = [...countryCodes].map((country) => ({ id: 'c-1', address: { country } }));
  expect(customers.map((customer) => normaliseCustomer(customer).value)).toEqual(customers);
});

it.each([['address'], ['shipping_address']])('names the field %s.country, with the value before and after', (field) => {
  expect(normaliseCustomer({ id: 'c-1', [field]: { country: 'Brazil' } }).notes).toEqual([
    {
      code: 'normalised',
      field: `${field}.country`,
      message: 'written as an ISO 3166-1 alpha-2 code',
      from: 'Brazil',
      to: 'BR',
    },
  ]);
});

it('gives the same answer for a name that it has read before', () => {
  const first = normaliseCustomer({ id: 'c-1', address: { country: 'Noway' } });
  expect(normaliseCustomer({ id: 'c-1', address: { country: 'Noway' } })).toEqual(first);
  expect(first.notes).toEqual([
    {
      code: 'unreadable_value',
      field: 'address.country',
      message: 'is not the code or name of one country; left out',
      from: 'Noway',
    },
  ]);
});
