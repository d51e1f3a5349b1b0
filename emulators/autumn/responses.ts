import { type ApiVersion, isAtMost } from './api-version.js';
import type { BillingControls } from './billing-controls.js';
import type { CustomerConfig, CustomerRow } from './customer-store.js';
import type { Environment } from './keys.js';

/** A customer as versions 2.1 to 2.3 answer it. The organisation has no plans, so whatever hangs on plans is empty. */
export interface AutumnRecord {
  /** Only when `with_autumn_id` asks for it. */
  readonly autumn_id?: string;
  readonly id: string | null;
  readonly name: string | null;
  readonly email: string | null;
  /** Epoch milliseconds. */
  readonly created_at: number;
  readonly fingerprint: string | null;
  readonly stripe_id: string | null;
  readonly env: Environment;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly send_email_receipts: boolean;
  readonly billing_controls: object;
  readonly subscriptions: readonly never[];
  readonly purchases: readonly never[];
  readonly licenses: readonly never[];
  readonly balances: Readonly<Record<string, never>>;
  readonly flags: Readonly<Record<string, never>>;
  readonly config: CustomerConfig;
  readonly processors?: { readonly stripe: { readonly id: string } };
}

interface View {
  readonly environment: Environment;
  readonly version: ApiVersion;
  readonly withAutumnId?: boolean;
  readonly expand?: readonly string[];
}

/** A customer as one of the single-customer endpoints answers it. */
export function presentCustomer(row: CustomerRow, view: View): object {
  const record = presentRecord(row, view);
  const controls = isAtMost(view.version, '2.2.0') ? row.billingControls : withSources(row.billingControls);
  return inVersion({ ...record, billing_controls: controls }, view);
}

/** A customer as an element of a list: billing controls carry no `source` here, in any version. */
export function presentListed(row: CustomerRow, view: View): object {
  return inVersion(presentRecord(row, view), view);
}

export function presentRecord(row: CustomerRow, view: Pick<View, 'environment' | 'withAutumnId'>): AutumnRecord {
  return {
    ...(view.withAutumnId && { autumn_id: row.internalId }),
    id: row.id,
    name: row.name || null,
    email: row.email || null,
    created_at: row.createdAt,
    fingerprint: row.fingerprint || null,
    stripe_id: row.stripeId,
    env: view.environment,
    metadata: row.metadata,
    send_email_receipts: row.sendEmailReceipts,
    billing_controls: row.billingControls,
    subscriptions: [],
    purchases: [],
    licenses: [],
    balances: {},
    flags: {},
    config: row.config,
    ...(row.stripeId && { processors: { stripe: { id: row.stripeId } } }),
  };
}

function inVersion(record: AutumnRecord, { version, expand = [] }: View): object {
  if (isAtMost(version, '0.2.0')) return split(record, version);
  const expanded = expansions(record, expand);
  if (isAtMost(version, '1.1.0')) return { ...withProducts(record), features: [], ...expanded };
  if (isAtMost(version, 'beta')) return { ...withProducts(record), features: {}, ...expanded };
  if (isAtMost(version, '2.0.0')) return { ...withScheduledSubscriptions(record), ...expanded };
  return { ...record, ...expanded };
}

/** Version 2.0: scheduled subscriptions stood apart; no purchases, licenses, flags, config and processors yet. */
function withScheduledSubscriptions({
  purchases: _purchases,
  licenses: _licenses,
  flags: _flags,
  config: _config,
  processors: _processors,
  subscriptions,
  balances,
  ...common
}: AutumnRecord): object {
  return { ...common, subscriptions, scheduled_subscriptions: [], balances };
}

/** Versions 1.1 to 1.4: `products` for subscriptions; billing controls are not shown. */
function withProducts(record: AutumnRecord): object {
  const { autumn_id, id, created_at, name, email, fingerprint, stripe_id, env, metadata, send_email_receipts } = record;
  return {
    ...(autumn_id !== undefined && { autumn_id }),
    id,
    created_at,
    name,
    email,
    fingerprint,
    stripe_id,
    env,
    metadata,
    send_email_receipts,
    products: [],
  };
}

/** Versions 0.1 and 0.2: the customer beside what it holds. 0.1 answers blank fields as `""`. */
function split(
  { id, name, email, fingerprint, created_at, env, stripe_id, metadata }: AutumnRecord,
  version: ApiVersion,
) {
  const processor = stripe_id === null ? {} : { processor: { id: stripe_id, type: 'stripe' } };
  const customer =
    version === '0.1.0'
      ? { id, name: name ?? '', email: email ?? '', fingerprint: fingerprint ?? '', created_at, env }
      : { id, name, email, fingerprint, internal_id: '', created_at, env };
  return {
    customer: { ...customer, ...processor, metadata },
    products: [],
    add_ons: [],
    entitlements: [],
    invoices: [],
  };
}

/** Inferred from the server's code: what `expand` adds for a customer without plans, invoices or Stripe. */
function expansions(record: AutumnRecord, expand: readonly string[]): object {
  const empty = ['invoices', 'entities', 'trials_used', 'referrals'].filter((name) => expand.includes(name));
  const previews = expand.includes('invoice_previews') && record.stripe_id !== null ? ['invoice_previews'] : [];
  return Object.fromEntries([...empty, ...previews].map((name) => [name, []]));
}

/** From version 2.3 each entry says whether the customer or a plan brought it. */
function withSources(controls: BillingControls): object {
  return Object.fromEntries(
    Object.entries(controls).map(([list, entries]) => [
      list,
      entries?.map((entry) => ({ ...entry, source: 'customer' })),
    ]),
  );
}
