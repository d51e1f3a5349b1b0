import { createHash } from 'node:crypto';

/** The versions that `X-Recharge-Version` may ask for; without the header the account's default, 2021-01, applies. */
export const VERSIONS = ['2021-01', '2021-11'] as const;
export type Version = (typeof VERSIONS)[number];

/** A customer as the emulator keeps it; `toRecord` and `toRecord202101` say how each version shows it. */
export interface StoredCustomer {
  readonly id: number;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly phone: string | null;
  readonly externalId: string | null;
  readonly taxExempt: boolean;
  readonly applyCredit: boolean;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A customer as version 2021-11 answers it. */
export interface RechargeRecord {
  readonly id: number;
  readonly analytics_data: { readonly utm_params: readonly never[] };
  readonly apply_credit_to_next_recurring_charge: boolean;
  readonly created_at: string;
  readonly email: string;
  readonly external_customer_id: { readonly ecommerce: string | null };
  readonly first_charge_processed_at: null;
  readonly first_name: string;
  readonly has_payment_method_in_dunning: boolean;
  readonly has_valid_payment_method: boolean;
  readonly hash: string;
  readonly last_name: string;
  readonly phone: string | null;
  readonly subscriptions_active_count: number;
  readonly subscriptions_total_count: number;
  readonly tax_exempt: boolean;
  readonly updated_at: string;
}

export function toRecord(customer: StoredCustomer): RechargeRecord {
  return {
    id: customer.id,
    analytics_data: { utm_params: [] },
    apply_credit_to_next_recurring_charge: customer.applyCredit,
    created_at: utc(customer.createdAt),
    email: customer.email,
    // An object even when empty, as in the recorded 201 of RechargeSharp.
    external_customer_id: { ecommerce: customer.externalId },
    first_charge_processed_at: null,
    first_name: customer.firstName,
    has_payment_method_in_dunning: false,
    has_valid_payment_method: false,
    hash: customerHash(customer.id),
    last_name: customer.lastName,
    phone: customer.phone,
    subscriptions_active_count: 0,
    subscriptions_total_count: 0,
    tax_exempt: customer.taxExempt,
    updated_at: utc(customer.updatedAt),
  };
}

/** The 2021-01 shape, field for field that of the responses recorded by Nango's template in January 2025. */
export function toRecord202101(customer: StoredCustomer) {
  return {
    accepts_marketing: null,
    analytics_data: { utm_params: [] },
    billing_address1: null,
    billing_address2: null,
    billing_city: null,
    billing_company: null,
    billing_country: null,
    // The recordings show every phone twice, although only `phone` was sent.
    billing_phone: customer.phone,
    billing_province: null,
    billing_zip: null,
    created_at: eastern(customer.createdAt),
    email: customer.email,
    first_charge_processed_at: null,
    first_name: customer.firstName,
    has_card_error_in_dunning: false,
    has_valid_payment_method: false,
    hash: customerHash(customer.id),
    id: customer.id,
    last_name: customer.lastName,
    number_active_subscriptions: 0,
    number_subscriptions: 0,
    phone: customer.phone,
    processor_type: null,
    reason_payment_method_not_valid: 'NOT_VALIDATED',
    shopify_customer_id: customer.externalId,
    status: 'INACTIVE',
    tax_exempt: customer.taxExempt,
    updated_at: eastern(customer.updatedAt),
  };
}

/** The 30 hexadecimal digits that every record carries; here derived from the id, so that they are the same in every run. */
export function customerHash(id: number): string {
  return createHash('sha256').update(String(id)).digest('hex').slice(0, 30);
}

function utc(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}+00:00`;
}

const easternParts = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'America/New_York',
  dateStyle: 'short',
  timeStyle: 'medium',
});

/** Recharge's guide "Using the API": the database uses Eastern time; 2021-01 shows it without an offset. */
function eastern(epochMs: number): string {
  return easternParts.format(epochMs).replace(' ', 'T');
}
