import countries from 'i18n-iso-countries';
import { expect, it } from 'vitest';
import { countryCodes } from '../../schemas/countries.js';

it('the country codes are those of ISO 3166-1, and Kosovo', () => {
  const known = new Set([...Object.keys(countries.getAlpha2Codes()), 'XK']);
  expect([...countryCodes].sort()).toEqual([...known].sort());
});
