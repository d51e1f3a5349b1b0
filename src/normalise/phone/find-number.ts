import {
  type CountryCode,
  getCountryCallingCode,
  isSupportedCountry,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max';

interface Found {
  readonly number: string;
  /** Whether the number is in a range known to be in use. */
  readonly valid: boolean;
  /** Whether the calling code came from the country. */
  readonly local: boolean;
}

/** A number that was found, or why there is none. */
export type FoundNumber = Found | { readonly unreadable: string };

const unknownCountry: FoundNumber = { unreadable: 'is a local number, and its country is not known' };
const countryWithoutPlan: FoundNumber = {
  unreadable: 'is a local number, and its country has no numbering plan',
};

const ambiguous: FoundNumber = { unreadable: 'can be read as two phone numbers' };

/**
 * Finds the number that digits mean; those without a calling code mean one in `country`.
 *
 * Digits without a plus can often be read in two ways: `49…` in Germany with its calling code or with an area code, `00…`
 * in Brazil as abroad or by a carrier. The reading that gives a valid number counts; where both do, none does.
 */
export function findNumber(digits: string, country: string | undefined): FoundNumber {
  if (digits.startsWith('+')) return choose([readInternational(digits)]);
  const abroad = digits.startsWith('00') ? readInternational(`+${digits.slice(2)}`) : undefined;
  if (country !== undefined && isSupportedCountry(country)) {
    const local = readLocal(digits, country);
    return choose([abroad, readCallingHome(digits, local), local], isOf(local, country) ? local : undefined);
  }
  if (abroad !== undefined) return choose([abroad]);
  return country === undefined ? unknownCountry : countryWithoutPlan;
}

/** Whether it is a number of this country, and not one that was dialled from there to another. */
function isOf(number: PhoneNumber | undefined, country: CountryCode): boolean {
  return number?.countryCallingCode === getCountryCallingCode(country);
}

function readInternational(digits: string): PhoneNumber | undefined {
  return withoutTrunkZero(parsePhoneNumberFromString(digits, { extract: false }));
}

function readLocal(digits: string, country: CountryCode): PhoneNumber | undefined {
  const number = parsePhoneNumberFromString(digits, { defaultCountry: country, extract: false });
  return digits.startsWith('00') && hasTrunkZero(number) ? undefined : withoutTrunkZero(number);
}

/** The reading of `49 30 123456` as a number of Germany that lacks its plus. */
function readCallingHome(digits: string, local: PhoneNumber | undefined): PhoneNumber | undefined {
  if (local === undefined || !digits.startsWith(local.countryCallingCode)) return undefined;
  return readInternational(`+${digits}`);
}

/**
 * The library takes the `0` off a number only where that country dials it today. Elsewhere, as in `+56 (0)2`, it stays,
 * and E.164 has no such zero but in plans whose valid numbers begin with one.
 */
function withoutTrunkZero(number: PhoneNumber | undefined): PhoneNumber | undefined {
  if (number === undefined || !hasTrunkZero(number)) return number;
  const shorter = `+${number.countryCallingCode}${number.nationalNumber.slice(1)}`;
  const rest = parsePhoneNumberFromString(shorter, { extract: false });
  return hasTrunkZero(rest) ? undefined : rest;
}

function hasTrunkZero(number: PhoneNumber | undefined): boolean {
  return number?.nationalNumber.startsWith('0') === true && !number.isValid();
}

function choose(readings: readonly (PhoneNumber | undefined)[], local?: PhoneNumber): FoundNumber {
  const possible = readings.filter((reading) => reading !== undefined && isPossible(reading));
  const valid = possible.filter((reading) => reading?.isValid());
  const [chosen, ...others] = valid.length > 0 ? valid : possible;
  if (chosen === undefined) return { unreadable: 'is not a possible phone number' };
  if (others.some((other) => other?.number !== chosen.number)) return ambiguous;
  return { number: chosen.number, valid: valid.length > 0, local: chosen === local };
}

/** The library knows possible numbers of up to 17 digits, E.164 of up to 15. */
function isPossible(reading: PhoneNumber): boolean {
  return reading.isPossible() && reading.number.length <= 16;
}
