import { type Reading, textReader } from '../reading.js';
import { findNumber } from './find-number.js';
import { takeApart } from './phone-text.js';

const e164 = /^\+[1-9]\d{1,14}$/;

/**
 * A zero behind the calling code is a trunk prefix that somebody left in, but for Italy (39), whose numbers begin with
 * it, and for a few small plans that the library knows. Calling codes have one digit or two as listed, or three.
 */
const zeroBehindCallingCode =
  /^\+(?!39)(?=(?<code>1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3}))\k<code>0/;

/**
 * Reads a phone number as E.164. A number without a calling code is one of `country`, the country of the address; no
 * country is ever assumed.
 */
export function readPhone(value: unknown, country: string | undefined): Reading {
  if (typeof value === 'string' && e164.test(value)) return zeroBehindCallingCode.test(value) ? mend(value) : undefined;
  return textReader((text) => readNumber(text, country))(value);
}

/** E.164 by its form already: changed only into a number that is certain, and never left out. */
function mend(value: string): Reading {
  const found = findNumber(value, undefined);
  if ('unreadable' in found || !found.valid || found.number === value) return undefined;
  return { to: found.number, message: 'the zero behind the calling code was removed' };
}

function readNumber(text: string, country: string | undefined): Reading {
  const parts = takeApart(text);
  if ('unreadable' in parts) return parts;
  const found = findNumber(parts.digits, country);
  if ('unreadable' in found) return found;
  const message = [
    found.local ? 'written as E.164, with the calling code of the country of the address' : 'written as E.164',
    ...(parts.extension ? ['its extension was dropped, which E.164 cannot hold'] : []),
    ...(found.valid ? [] : ['the number is unusual: possible, but in no range known to be in use']),
  ].join('; ');
  return { to: found.number, message };
}
