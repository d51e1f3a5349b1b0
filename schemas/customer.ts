import { z } from 'zod';
import { countryCodes } from './countries.js';

/**
 * Text as a provider can store it: not empty or blank (absent means "leave alone" and `null` means "clear", so `""` would
 * be a third way to say one of the two), no NUL and no lone surrogate (PostgreSQL-backed providers answer 500 to both).
 */
const text = z
  .string()
  .min(1, { abort: true })
  .regex(/\S/, { error: 'is nothing but white space', abort: true })
  .refine((value) => value.isWellFormed() && !value.includes('\0'), 'holds a NUL character or broken Unicode');

/** An id travels in URLs and headers, so control characters are refused as well. */
const id = text.refine(
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  (value) => !/[\u0000-\u001f\u007f]/.test(value) && value.trim() === value,
  'has a control character, or spaces around it',
);

const country = z
  .string()
  .refine((value) => countryCodes.has(value), 'is not an ISO 3166-1 alpha-2 country code such as "DE"');

const currency = z.string().refine(isCurrency, 'is not an ISO 4217 currency code such as "EUR"');
const timezone = z.string().refine(isTimeZone, 'is not an IANA time zone such as "Europe/Berlin"');
const locale = z.string().refine(isLocale, 'is not a BCP 47 language tag such as "de-AT"');

// A local part may hold any Unicode letter (RFC 6531), which zod's e-mail type and JSON Schema's `format: email` refuse.
// Neither part may hold what `id` and `text` refuse. JSON Schema drops the `u` flag, so no `\p{...}` here.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const emailPattern = /^[^\s@"\u0000-\u001f\u007f]{1,64}@[^\s@\u0000-\u001f\u007f]{1,255}$/u;
const email = z
  .string()
  .regex(emailPattern, 'is not an e-mail address')
  .refine((value) => value.isWellFormed(), 'is not an e-mail address');

const phone = z
  .string()
  .regex(/^\+[1-9]\d{1,14}$/, 'is not an E.164 phone number such as "+493012345678" (a country code, no spaces)');

const webAddress = text.refine(isWebAddress, 'is not an http(s) URL');

const address = z.strictObject({
  line1: text.nullish(),
  line2: text.nullish(),
  city: text.nullish(),
  state: text.nullish(),
  postal_code: text.nullish(),
  /** ISO 3166-1 alpha-2, upper case. */
  country: country.nullish(),
});

/** Fields whose keys the user chooses. */
export const openFields: readonly string[] = ['metadata', 'external_ids', 'provider_fields'];

/** What an address consists of. */
export const addressFields: readonly string[] = Object.keys(address.shape);

const metadataValue = z.union([text, z.number(), z.boolean()], {
  error: 'must be text, a number, true, false, or null to delete the key',
});

/**
 * The one customer that every provider gets. In every field: absent = leave the stored value alone, `null` = clear it,
 * `""` is refused.
 */
export const customerSchema = z.strictObject({
  /** Our id, the same in every system. Case-sensitive, never trimmed or changed. */
  id,
  email: email.nullish(),
  /** Full or company name, as it should stand on an invoice. */
  name: text.nullish(),
  first_name: text.nullish(),
  last_name: text.nullish(),
  type: z.enum(['individual', 'company']).nullish(),
  legal_name: text.nullish(),
  /** Registration number of the company. */
  legal_number: text.nullish(),
  /** VAT or other tax identification number. */
  tax_id: text.nullish(),
  tax_exempt: z.boolean().nullish(),
  /** E.164, for example `+5512392355555`. */
  phone: phone.nullish(),
  /** Billing address. `null` clears all its fields. */
  address: address.nullish(),
  shipping_address: address.nullish(),
  /** ISO 4217, upper case. */
  currency: currency.nullish(),
  /** IANA name. */
  timezone: timezone.nullish(),
  /** BCP 47. */
  locale: locale.nullish(),
  url: webAddress.nullish(),
  logo_url: webAddress.nullish(),
  /**
   * Merged key by key: an absent key is kept, `null` deletes it, and a whole `null` deletes the keys that we wrote.
   * Keys written by others are never touched.
   */
  metadata: z.record(text, metadataValue.nullable()).nullish(),
  /** This customer's id in other systems, a provider's own id included: `{"recharge": "82939898"}`. */
  external_ids: z.record(text, id.nullable()).nullish(),
  /** When the source last changed the customer; ISO 8601 with offset or `Z`. */
  updated_at: z.iso.datetime({ offset: true, error: 'is not an ISO 8601 time with Z or an offset' }).optional(),
  /** A tombstone: the source deleted this customer. */
  deleted: z.boolean().optional(),
  /** What one provider has beyond this model, checked by that provider's own schema: `{"lago": {...}}`. */
  provider_fields: z.record(text, z.record(text, z.unknown())).optional(),
});

export type Customer = z.infer<typeof customerSchema>;

const observedAddress = z.record(z.string(), z.unknown());

/**
 * A customer read back from a provider. The fields are those of `Customer`, all optional and unchecked, since a provider
 * may hold anything.
 */
export const observedCustomerSchema = z.strictObject({
  /** The provider's own id. */
  provider_id: z.string(),
  customer: z.looseObject({
    id: z.string().optional(),
    address: observedAddress.optional(),
    shipping_address: observedAddress.optional(),
    metadata: z.record(z.string(), z.unknown()).optional(),
  }),
  /** Canonical fields that this provider's API cannot tell. */
  unreadable: z.array(z.string()),
});

export type ObservedCustomer = z.infer<typeof observedCustomerSchema>;

const knownTimeZones = new Set<string>();

function isTimeZone(value: string): boolean {
  if (knownTimeZones.has(value)) return true;
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
  } catch {
    return false;
  }
  // Offsets such as "+01:00" are time zones to Intl but not IANA names.
  if (/^[+-]/.test(value)) return false;
  knownTimeZones.add(value);
  return true;
}

function isLocale(value: string): boolean {
  try {
    return Intl.getCanonicalLocales(value).length === 1;
  } catch {
    return false;
  }
}

let currencies: ReadonlySet<string> | undefined;

function isCurrency(value: string): boolean {
  currencies ??= new Set(Intl.supportedValuesOf('currency'));
  return currencies.has(value);
}

function isWebAddress(value: string): boolean {
  return /^https?:\/\/[^\s/]+/i.test(value);
}
