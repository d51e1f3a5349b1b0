import { isBlank } from './cast.js';
import type { Columns, StoredCustomer } from './customer.js';
import type { Organization } from './organization.js';
import type { CustomerParameters } from './parameters.js';
import { notFound } from './refusal.js';

/** Replaces the taxes, where they are sent or Lago sets one of its own; it then removes what is not sent with it. */
export function nextTaxes(
  existing: StoredCustomer | undefined,
  columns: Columns,
  { taxCodes: sent }: CustomerParameters,
  organization: Organization,
): readonly string[] {
  const current = existing?.taxCodes ?? [];
  const own = euTaxCode(existing, columns, organization);
  if (sent === undefined) return own === undefined ? current : [own];
  const isKnown = (code: unknown) =>
    typeof code === 'string' && (organization.taxCodes.has(code) || isEuTax(code, organization));
  if (!sent.every(isKnown)) throw notFound('tax');
  return [...new Set([...sent.map(String), ...(own === undefined ? [] : [own])])];
}

/**
 * The tax that an EU-managing billing entity sets within the request: of a new customer, of one that has none of these
 * yet, and of one whose country, postal code or tax number changes. With a tax number it comes later, from a check with
 * VIES that is not played; nor are the territories with taxes of their own.
 */
function euTaxCode(
  existing: StoredCustomer | undefined,
  { tax_identification_number: taxNumber, zipcode, country }: Columns,
  organization: Organization,
): string | undefined {
  const before = existing?.columns;
  const isDue =
    existing === undefined ||
    !existing.taxCodes.some((code) => isEuTax(code, organization)) ||
    taxNumber !== before?.tax_identification_number ||
    zipcode !== before?.zipcode ||
    country !== before?.country;
  if (!organization.managesEuTaxes || !isDue || !isBlank(taxNumber)) return undefined;
  return euCountries.has(country ?? 'FR')
    ? `lago_eu_${(country ?? 'FR').toLowerCase()}_standard`
    : 'lago_eu_tax_exempt';
}

function isEuTax(code: string, { managesEuTaxes }: Organization): boolean {
  return managesEuTaxes && code.startsWith('lago_eu');
}

const euCountries: ReadonlySet<string> = new Set(
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' '),
);
