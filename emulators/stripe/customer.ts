/** A customer as Stripe's API shows it, for the fields that this stand-in keeps. */
export interface StripeRecord {
  readonly id: string;
  readonly object: 'customer';
  readonly address: StripeAddress | null;
  readonly balance: number;
  readonly business_name?: string | undefined;
  readonly created: number;
  readonly currency: string | null;
  readonly default_source: null;
  readonly delinquent: boolean;
  readonly description: string | null;
  readonly email: string | null;
  readonly individual_name?: string | undefined;
  readonly invoice_prefix: string;
  readonly invoice_settings: StripeInvoiceSettings;
  readonly livemode: boolean;
  readonly metadata: Readonly<Record<string, string>>;
  readonly name: string | null;
  readonly next_invoice_sequence: number;
  readonly phone: string | null;
  readonly preferred_locales: readonly string[];
  readonly shipping: StripeShipping | null;
  readonly tax_exempt: 'none' | 'exempt' | 'reverse';
  readonly test_clock: string | null;
}

export type StripeAddress = Readonly<Record<(typeof ADDRESS_FIELDS)[number], string | null>>;

export interface StripeShipping {
  readonly address: StripeAddress;
  readonly name: string;
  readonly phone: string | null;
}

export interface StripeInvoiceSettings {
  readonly custom_fields: readonly { readonly name: string; readonly value: string }[] | null;
  readonly default_payment_method: string | null;
  readonly footer: string | null;
  readonly rendering_options: Readonly<Record<'amount_tax_display' | 'template', string | null>> | null;
}

export const ADDRESS_FIELDS = ['city', 'country', 'line1', 'line2', 'postal_code', 'state'] as const;

export function newCustomer(id: string, created: number): StripeRecord {
  return {
    id,
    object: 'customer',
    address: null,
    balance: 0,
    created,
    currency: null,
    default_source: null,
    delinquent: false,
    description: null,
    email: null,
    invoice_prefix: id.slice(-8).toUpperCase(),
    invoice_settings: {
      custom_fields: null,
      default_payment_method: null,
      footer: null,
      rendering_options: null,
    },
    livemode: false,
    metadata: {},
    name: null,
    next_invoice_sequence: 1,
    phone: null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: 'none',
    test_clock: null,
  };
}
