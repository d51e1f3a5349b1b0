import countries from 'i18n-iso-countries';
import { countryCodes } from '../../../schemas/countries.js';
import { type Reading, remembering, textReader } from '../reading.js';
import { aliasCodes } from './aliases.js';
import { findCountry } from './country-names.js';

/** Reads a country from its two- or three-letter code or its name, in any case, with or without accents. */
export const readCountry = remembering(
  textReader((text): Reading => {
    if (countryCodes.has(text)) return undefined;
    const code = findCode(text) ?? findCountry(text);
    if (code === undefined) return { unreadable: 'is not the code or name of one country' };
    return { to: code, message: 'written as an ISO 3166-1 alpha-2 code' };
  }),
);

/** Numeric codes are not read: 356 is India's, and Malta's calling code. */
function findCode(text: string): string | undefined {
  if (!/^[a-z]{2,3}$/i.test(text)) return undefined;
  const letters = text.toUpperCase();
  if (countryCodes.has(letters)) return letters;
  return aliasCodes.get(letters) ?? countries.alpha3ToAlpha2(letters);
}
