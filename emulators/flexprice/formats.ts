import countries from 'i18n-iso-countries';

const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~\\u00A0-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFEF-]+";
const LETTER = '[A-Za-z\\u00A0-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFEF]';
const EDGE = `(?:${LETTER}|[0-9])`;
const LABEL = `${EDGE}(?:(?:${EDGE}|[~-])*${EDGE})?`;
const TOP_LEVEL = `${LETTER}(?:(?:${EDGE}|[~-])*${LETTER})?`;
const EMAIL = new RegExp(`^(?:${ATOM}(?:\\.${ATOM})*|"[^"\\\\\\r\\n]+")@(?:${LABEL}\\.)+${TOP_LEVEL}$`, 'u');

/** The validator's `email`: letters of any script, at least one dot in the domain, no display name. */
export function isEmail(value: string): boolean {
  return EMAIL.test(value);
}

/** The narrower check of list filters, `internal/types/email.go`: ASCII alone. */
export function isFilterEmail(value: string): boolean {
  return /^[\w.%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$/.test(value);
}

/** The validator's table is ISO 3166-1 with XK, in upper case alone, which is this package's too. */
export function isCountry(value: string): boolean {
  return Object.hasOwn(countries.getAlpha2Codes(), value);
}

const checkedTimezones = new Map<string, boolean>();

export function isTimezone(value: string): boolean {
  const known = checkedTimezones.get(value) ?? checkTimezone(value);
  checkedTimezones.set(value, known);
  return known;
}

/**
 * Go loads a zone from a file of that name, so case counts, where Intl ignores it. `""` and `Local` would load as UTC
 * and as the server's own zone; the validator refuses both.
 */
function checkTimezone(value: string): boolean {
  const isName = /^[A-Z][\w+-]*(\/[A-Z][\w+-]*)*$/.test(value);
  if (!isName || value.toLowerCase() === 'local') return false;
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions();
    return timeZone === value || timeZone.toLowerCase() !== value.toLowerCase();
  } catch {
    return false;
  }
}

const GSTIN = /^[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][A-Z0-9]Z[A-Z0-9]$/;
const PAN = /^[A-Z]{5}[0-9]{4}[A-Z]$/;
const HSN_SAC = /^(?:\d{4}|\d{6}|\d{8})$/;

export interface TaxMetadataError {
  readonly message: string;
  readonly details?: Readonly<Record<string, string>>;
}

/** `internal/types/tax_metadata.go`, since 2026-08-18: three metadata keys hold Indian tax numbers and nothing else. */
export function findTaxMetadataError(metadata: Readonly<Record<string, string>>): TaxMetadataError | undefined {
  const read = (key: string) => (Object.hasOwn(metadata, key) ? (metadata[key] ?? '') : '').trim();
  const gstin = read('gstin').toUpperCase();
  const pan = read('pan').toUpperCase();
  const hsnSac = read('hsn_sac');

  if (gstin !== '' && !GSTIN.test(gstin)) {
    return { message: 'GSTIN must be 15 characters, e.g. "27AAMCM4148E1ZD"' };
  }
  if (pan !== '' && !PAN.test(pan)) return { message: 'PAN must be 10 characters, e.g. "AAMCC5329F"' };
  if (gstin !== '' && pan !== '' && gstin.slice(2, 12) !== pan) {
    return {
      message: 'Characters 3-12 of the GSTIN are the PAN; either correct the PAN or omit it',
      details: { pan_from_gstin: gstin.slice(2, 12) },
    };
  }
  if (hsnSac !== '' && !HSN_SAC.test(hsnSac)) return { message: 'HSN/SAC must be 4, 6 or 8 digits, e.g. "998415"' };
  return undefined;
}
