import { FlexpriceError } from './errors.js';
import { findTaxMetadataError, isCountry, isEmail, isTimezone } from './formats.js';
import type { FlexpriceRecord } from './record.js';
import { type CreateRequest, toMetadata, type UpdateRequest } from './request.js';

/** One tag of the validator (go-playground/validator), as written in `internal/api/dto/customer.go`. */
interface Tag {
  readonly name: string;
  readonly passes: (value: string) => boolean;
}

const max = (length: number): Tag => ({ name: 'max', passes: (value) => countRunes(value) <= length });
const len2: Tag = { name: 'len', passes: (value) => countRunes(value) === 2 };
const email: Tag = { name: 'email', passes: isEmail };
const country: Tag = { name: 'iso3166_1_alpha2', passes: isCountry };
const timezone: Tag = { name: 'timezone', passes: isTimezone };

const SHARED_FIELDS = [
  { field: 'email', goName: 'Email', tags: [email] },
  { field: 'contact', goName: 'Contact', tags: [max(20)] },
  { field: 'address_line1', goName: 'AddressLine1', tags: [max(255)] },
  { field: 'address_line2', goName: 'AddressLine2', tags: [max(255)] },
  { field: 'address_city', goName: 'AddressCity', tags: [max(100)] },
  { field: 'address_state', goName: 'AddressState', tags: [max(100)] },
  { field: 'address_postal_code', goName: 'AddressPostalCode', tags: [max(20)] },
  { field: 'address_country', goName: 'AddressCountry', tags: [len2, country] },
  { field: 'timezone', goName: 'Timezone', tags: [timezone] },
] as const;

interface Checked {
  readonly goName: string;
  readonly value: string | null | undefined;
  readonly tags: readonly Tag[];
  readonly required?: boolean;
}

export function validateCreate(request: CreateRequest): void {
  checkFields('CreateCustomerRequest', [
    { goName: 'ExternalID', value: request.external_id, tags: [], required: true },
    // Required since 2026-07-09.
    { goName: 'Name', value: request.name, tags: [max(255)], required: true },
    // Plain strings in Go: `omitempty` skips an empty one.
    ...SHARED_FIELDS.map(({ field, goName, tags }) => ({ goName, tags, value: request[field] || undefined })),
  ]);
  for (const override of request.tax_rate_overrides ?? []) checkTaxRateOverride(override);
  for (const mapping of request.integration_entity_mapping ?? []) {
    checkFields('CreateEntityIntegrationMappingRequest', [
      { goName: 'EntityID', value: mapping.entity_id, tags: [max(255)], required: true },
      { goName: 'EntityType', value: mapping.entity_type, tags: [], required: true },
      { goName: 'ProviderType', value: mapping.provider_type, tags: [max(50)], required: true },
      { goName: 'ProviderEntityID', value: mapping.provider_entity_id, tags: [max(255)], required: true },
    ]);
  }
  checkTaxMetadata(request.metadata);
}

/** Neither the name nor the external id has a rule here, and `integration_entity_mapping` is not looked at. */
export function validateUpdate(request: UpdateRequest): void {
  checkFields(
    'UpdateCustomerRequest',
    // Pointers in Go: `omitempty` skips an absent one, but not one to an empty string.
    SHARED_FIELDS.map(({ field, goName, tags }) => ({ goName, tags, value: request[field] })),
  );
  checkTaxMetadata(request.metadata);
}

function checkFields(request: string, fields: readonly Checked[]): void {
  const failures = fields.flatMap(({ goName, value, tags, required }) => {
    const failed = required && !value ? 'required' : failedTag(value, tags);
    if (failed === undefined) return [];
    return [
      [goName, `Key: '${request}.${goName}' Error:Field validation for '${goName}' failed on the '${failed}' tag`],
    ];
  });
  if (failures.length > 0) {
    throw new FlexpriceError('validation_error', 'Request validation failed', Object.fromEntries(failures));
  }
}

function failedTag(value: string | null | undefined, tags: readonly Tag[]): string | undefined {
  if (value === null || value === undefined) return undefined;
  return tags.find((tag) => !tag.passes(value))?.name;
}

/**
 * Both fields are documented as required. The server marks them so by a tag (`binding`) that is not read here, so that a
 * missing currency may get through there: this is the stricter of the two.
 */
function checkTaxRateOverride(override: NonNullable<CreateRequest['tax_rate_overrides']>[number]): void {
  checkFields('TaxRateOverride', [
    { goName: 'TaxRateCode', value: override.tax_rate_code, tags: [], required: true },
    { goName: 'Currency', value: override.currency, tags: [], required: true },
  ]);
  if ((override.priority ?? 0) < 0) throw new FlexpriceError('validation_error', 'Priority cannot be less than 0');
}

function checkTaxMetadata(metadata: UpdateRequest['metadata']): void {
  const error = findTaxMetadataError(toMetadata(metadata ?? {}));
  if (error !== undefined) throw new FlexpriceError('validation_error', error.message, error.details);
}

const BYTE_LIMITS = [
  { field: 'address_postal_code', bytes: 20, message: 'Postal code must be less than 20 characters' },
  { field: 'address_line1', bytes: 255, message: 'Address line 1 must be less than 255 characters' },
  { field: 'address_line2', bytes: 255, message: 'Address line 2 must be less than 255 characters' },
  { field: 'address_city', bytes: 100, message: 'City name must be less than 100 characters' },
  { field: 'address_state', bytes: 100, message: 'State name must be less than 100 characters' },
] as const;

/** `ValidateAddress` in `internal/domain/customer/model.go`: the validator counts runes, this counts bytes, for the merged row. */
export function validateAddress(record: FlexpriceRecord): void {
  const tooLong = BYTE_LIMITS.find(({ field, bytes }) => Buffer.byteLength(record[field]) > bytes);
  if (tooLong !== undefined) throw new FlexpriceError('validation_error', tooLong.message);
}

/** What fails below the service, in ent (empty values) or in PostgreSQL (varchar(255), counted in characters), and so with 500. */
export function checkStorable(record: FlexpriceRecord, message: string): void {
  const { external_id, name, email: address, metadata } = record;
  const isEmpty = external_id === '' || name === '';
  const isTooLong = [external_id, name, address].some((value) => countRunes(value) > 255);
  // Inferred: PostgreSQL takes no NUL, neither in text nor in jsonb.
  const hasNul = [...Object.values(record), ...Object.entries(metadata ?? {}).flat()].some(
    (value) => typeof value === 'string' && value.includes('\0'),
  );
  if (isEmpty || isTooLong || hasNul) throw new FlexpriceError('database_error', message);
}

function countRunes(value: string): number {
  return [...value].length;
}
