import { countryCodes, currencyCodes, documentLocales, timezones } from './code-lists.js';
import type { Columns } from './customer.js';
import type { Organization } from './organization.js';
import { type ErrorDetails, validationFailed } from './refusal.js';

/** What is checked beside the columns before a customer is saved. */
export interface Identity {
  readonly externalId: string;
  /** Another writer has just created a customer with this id. */
  readonly taken: boolean;
}

/** Refuses with the codes of all columns that are wrong, in the order in which the customer model checks them. */
export function validateCustomer(columns: Readonly<Columns>, identity: Identity, { version }: Organization): void {
  const errors: ErrorDetails = {};
  const check = (field: string, code: string, isValid: boolean) => {
    if (!isValid) errors[field] = [code];
  };

  const anchor = columns.subscription_invoice_issuing_date_anchor;
  const adjustment = columns.subscription_invoice_issuing_date_adjustment;
  check('customer_type', 'value_is_invalid', isOneOf(customerTypes, columns.customer_type));
  check('subscription_invoice_issuing_date_anchor', 'value_is_invalid', isOneOf(issuingAnchors, anchor));
  check('subscription_invoice_issuing_date_adjustment', 'value_is_invalid', isOneOf(issuingAdjustments, adjustment));
  check('country', 'not_a_valid_country_code', isOneOf(countryCodes, columns.country));
  check('shipping_country', 'not_a_valid_country_code', isOneOf(countryCodes, columns.shipping_address.country));
  check('document_locale', 'not_a_valid_language_code', isOneOf(documentLocales, columns.document_locale));
  check('currency', 'value_is_invalid', isOneOf(currencyCodes, columns.currency));
  check('name', 'value_is_too_long', fits(columns.name, version.nameLimit));
  check('external_id', 'value_is_mandatory', identity.externalId.trim() !== '');
  check('external_id', 'value_already_exist', !identity.taken);
  for (const field of ['invoice_grace_period', 'net_payment_term'] as const) {
    const value = columns[field];
    check(field, 'value_is_out_of_range', value === null || !(value < 0));
    // Inferred: Lago gives this message no code of its own, so Rails' English text comes through.
    check(field, 'is not a number', !Number.isNaN(value));
  }
  check('timezone', 'invalid_timezone', isOneOf(timezones, columns.timezone));
  check('email', 'invalid_email_format', isEmailList(columns.email, version));

  if (Object.keys(errors).length > 0) throw validationFailed(errors);
}

const customerTypes: ReadonlySet<string> = new Set(['company', 'individual']);
const issuingAnchors: ReadonlySet<string> = new Set(['current_period_end', 'next_period_start']);
const issuingAdjustments: ReadonlySet<string> = new Set(['keep_anchor', 'align_with_finalization_date']);

function isOneOf(list: ReadonlySet<string>, value: string | null): boolean {
  return value === null || list.has(value);
}

/** Counted in code points, as Ruby counts. */
export function fits(text: string | null, limit: number): boolean {
  return text === null || [...text].length <= limit;
}

const domain = '(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\\.)+[a-z0-9](?:[a-z0-9-]*[a-z0-9])?';
const symbols = "!#$%&'*+/=?^_`{|}~-";
const asciiAddress = new RegExp(`^[a-z0-9${symbols}]+(?:\\.[a-z0-9${symbols}]+)*@${domain}$`, 'i');
const letters = '\\p{L}\\p{M}\\p{N}';
const unicodeAddress = new RegExp(`^[${letters}${symbols}]+(?:\\.[${letters}${symbols}]+)*@${domain}$`, 'iu');

/**
 * One address or several with commas between them; an empty one is never checked. Quoted local parts and domains in
 * brackets, which the server takes, are refused here.
 */
function isEmailList(email: string | null, version: Organization['version']): boolean {
  if (email === null || email.trim() === '') return true;
  const address = version.acceptsUnicodeLocalParts ? unicodeAddress : asciiAddress;
  return email.split(',').every((part) => address.test(part.trim()));
}
