import { FlexpriceError, Panic } from './errors.js';
import { ACCOUNT, type FlexpriceRecord, timestamp, USER_ID, ulid } from './record.js';
import type { Replica } from './replica.js';
import { type CreateRequest, toMetadata, type UpdateRequest } from './request.js';
import type { CustomerStore, StoredCustomer } from './store.js';
import { checkStorable, validateAddress, validateCreate, validateUpdate } from './validate.js';

export interface TaxRates {
  /** Codes that exist in the tenant. */
  readonly known: readonly string[];
  /** Codes that the tenant links to every customer that does not say otherwise. */
  readonly autoApplied: readonly string[];
}

/** What keeps a customer from being deleted. */
export type Attachment = 'subscription' | 'wallet';

export interface CustomerServiceParts {
  readonly store: CustomerStore;
  readonly replica: Replica;
  readonly taxRates: TaxRates;
  /** Tax rate codes linked to each customer, by id. */
  readonly linkedTaxRates: Map<string, readonly string[]>;
  readonly attachments: ReadonlyMap<string, Attachment>;
  readonly onboarded: string[];
  readonly nextNumber: () => number;
  readonly now: () => number;
}

export type CustomerService = ReturnType<typeof createCustomerService>;

/** `internal/ee/service/customer.go` over `internal/repository/ent/customer.go`. Failures are thrown. */
export function createCustomerService(parts: CustomerServiceParts) {
  return {
    create: (request: CreateRequest) => createCustomer(parts, request),
    update: (id: string, request: UpdateRequest) => updateCustomer(parts, id, request),
    archive: (id: string) => archiveCustomer(parts, id),
    get: (id: string) => getCustomer(parts, id).record,
    getByExternalId: (externalId: string) => getByExternalId(parts, externalId),
  };
}

function createCustomer(parts: CustomerServiceParts, request: CreateRequest): FlexpriceRecord {
  validateCreate(request);
  const createdAt = parts.now();
  const sequence = parts.nextNumber();
  const record = newRecord(`cust_${ulid(createdAt, sequence)}`, timestamp(createdAt), request);
  validateAddress(record);
  checkStorable(record, 'Failed to create customer');
  if (publishedWith(parts.store, record.external_id) !== undefined) {
    throw alreadyExists({ external_id: record.external_id });
  }
  // One transaction with the insert: an unknown code leaves no customer behind.
  const taxRates = linkTaxRates(parts.taxRates, request.tax_rate_overrides);

  parts.store.put({ record, createdAt, sequence });
  parts.linkedTaxRates.set(record.id, taxRates);
  parts.replica.created(record.id);
  // An unknown `onboarding_workflow_name` is only logged.
  if (request.skip_onboarding_workflow !== true) parts.onboarded.push(record.external_id);
  return record;
}

function newRecord(id: string, time: string, request: CreateRequest): FlexpriceRecord {
  return {
    id,
    external_id: request.external_id ?? '',
    name: request.name ?? '',
    email: request.email ?? '',
    ...(typeof request.contact === 'string' && { contact: request.contact }),
    address_line1: request.address_line1 ?? '',
    address_line2: request.address_line2 ?? '',
    address_city: request.address_city ?? '',
    address_state: request.address_state ?? '',
    address_postal_code: request.address_postal_code ?? '',
    address_country: request.address_country ?? '',
    timezone: request.timezone || 'UTC',
    metadata: request.metadata ? toMetadata(request.metadata) : null,
    ...ACCOUNT,
    status: 'published',
    created_at: time,
    updated_at: time,
    created_by: USER_ID,
    updated_by: USER_ID,
  };
}

/** Absent: what the tenant applies by itself. An empty list: nothing. */
function linkTaxRates({ known, autoApplied }: TaxRates, overrides: CreateRequest['tax_rate_overrides']) {
  if (overrides === null || overrides === undefined) return autoApplied;
  return overrides.map(({ tax_rate_code }) => {
    const code = tax_rate_code ?? '';
    if (known.includes(code)) return code;
    throw new FlexpriceError('not_found', `Taxrate with code ${code} was not found`, { taxrate_code: code });
  });
}

function updateCustomer(parts: CustomerServiceParts, id: string, request: UpdateRequest): FlexpriceRecord {
  validateUpdate(request);
  const customer = getCustomer(parts, id);
  const record = mergeRecord(customer.record, request);
  validateAddress(record);
  checkStorable(record, 'Failed to update customer');
  if (isTakenByAnother(parts.store, record)) {
    throw alreadyExists({ external_id: record.external_id, email: record.email });
  }
  parts.store.put({ ...customer, record: { ...record, updated_at: timestamp(parts.now()), updated_by: USER_ID } });
  // The server answers with the row as it read it: `updated_at` and `updated_by` are those from before the update.
  return record;
}

function mergeRecord(record: FlexpriceRecord, request: UpdateRequest): FlexpriceRecord {
  const kept = renameMetadata(record, request);
  return {
    ...record,
    external_id: request.external_id ?? record.external_id,
    name: request.name ?? record.name,
    email: request.email ?? record.email,
    ...(typeof request.contact === 'string' && { contact: request.contact }),
    address_line1: request.address_line1 ?? record.address_line1,
    address_line2: request.address_line2 ?? record.address_line2,
    address_city: request.address_city ?? record.address_city,
    address_state: request.address_state ?? record.address_state,
    address_postal_code: request.address_postal_code ?? record.address_postal_code,
    address_country: request.address_country ?? record.address_country,
    timezone: request.timezone ?? record.timezone,
    metadata: request.metadata ? toMetadata(request.metadata) : kept,
  };
}

/**
 * The server notes a rename in `old_external_ids`, with two bugs: it notes the new id, and it writes to the stored map
 * before the request's own is put in its place, which panics while that map is null.
 */
function renameMetadata(record: FlexpriceRecord, { external_id: newId }: UpdateRequest): FlexpriceRecord['metadata'] {
  if (typeof newId !== 'string' || newId === record.external_id) return record.metadata;
  if (record.metadata === null) throw new Panic('assignment to entry in nil map');
  const noted = record.metadata['old_external_ids'];
  return toMetadata({ ...record.metadata, old_external_ids: noted ? `${noted},${newId}` : newId });
}

function archiveCustomer(parts: CustomerServiceParts, id: string): void {
  const customer = getCustomer(parts, id);
  if (customer.record.status !== 'published') throw new FlexpriceError('not_found', 'Customer does not exist');
  const attachment = parts.attachments.get(id);
  if (attachment !== undefined) throw new FlexpriceError('invalid_operation', REFUSALS[attachment]);
  const updated_at = timestamp(parts.now());
  parts.store.put({ ...customer, record: { ...customer.record, status: 'archived', updated_at, updated_by: USER_ID } });
}

const REFUSALS: Readonly<Record<Attachment, string>> = {
  subscription: 'Please cancel all subscriptions before deleting the customer',
  wallet: 'Customer cannot be deleted due to associated wallets',
};

function getCustomer({ store }: CustomerServiceParts, id: string): StoredCustomer {
  const customer = store.get(id);
  if (customer !== undefined) return customer;
  throw new FlexpriceError('not_found', `Customer with ID ${id} was not found`, { customer_id: id });
}

function getByExternalId({ store, replica }: CustomerServiceParts, externalId: string): FlexpriceRecord {
  const record = publishedWith(store, externalId);
  if (record !== undefined && !replica.misses(record.id)) return record;
  throw new FlexpriceError('not_found', `Customer with lookup key ${externalId} was not found`, {
    lookup_key: externalId,
  });
}

function publishedWith(store: CustomerStore, externalId: string): FlexpriceRecord | undefined {
  return store.withExternalId(externalId).find(({ record }) => record.status === 'published')?.record;
}

/** The unique index holds among published rows alone: an archived one may take any external id. */
function isTakenByAnother(store: CustomerStore, { id, external_id, status }: FlexpriceRecord): boolean {
  const other = status === 'published' ? publishedWith(store, external_id) : undefined;
  return other !== undefined && other.id !== id;
}

function alreadyExists(details: Readonly<Record<string, string>>): FlexpriceError {
  return new FlexpriceError('already_exists', 'A customer with this identifier already exists', details);
}
