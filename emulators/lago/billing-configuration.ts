import { castFilledText, castInteger, castText, isBlank, isTruthy } from './cast.js';
import { type Columns, type PaymentLink, type StoredCustomer, withColumns } from './customer.js';
import type { Organization, PaymentProvider } from './organization.js';
import type { SentBilling } from './parameters.js';
import { validationFailed } from './refusal.js';
import { validateCustomer } from './validation.js';

/**
 * Applies `billing_configuration` to a customer that is already stored. It runs after the commit and in steps that are
 * saved one by one, so what is refused half-way leaves the earlier steps behind.
 */
export function applyBillingConfiguration(
  stored: StoredCustomer,
  isNew: boolean,
  billing: SentBilling,
  organization: Organization,
): StoredCustomer {
  const save = (customer: StoredCustomer, columns: Columns) => {
    validateCustomer(columns, { externalId: customer.externalId, taken: false }, organization);
    const saved = withColumns(customer, columns, organization.now());
    organization.store.save(saved);
    return saved;
  };

  const dated = save(stored, withIssuingDates(stored.columns, billing, organization.premium));
  const localized = withLocale(dated.columns, billing);
  const linked = isNew || wantsNewLink(dated, billing);
  return linked
    ? linkProvider(dated, localized, billing, organization, save)
    : changeProvider(dated, localized, billing, organization, save);
}

function withIssuingDates(columns: Readonly<Columns>, { fields }: SentBilling, premium: boolean): Columns {
  const anchor = fields.get('subscription_invoice_issuing_date_anchor');
  const adjustment = fields.get('subscription_invoice_issuing_date_adjustment');
  const gracePeriod = fields.get('invoice_grace_period');
  return {
    ...columns,
    ...(anchor !== undefined && { subscription_invoice_issuing_date_anchor: castFilledText(anchor) }),
    ...(adjustment !== undefined && { subscription_invoice_issuing_date_adjustment: castFilledText(adjustment) }),
    ...(premium && gracePeriod !== undefined && { invoice_grace_period: castInteger(gracePeriod) }),
  };
}

function withLocale(columns: Readonly<Columns>, { fields }: SentBilling): Columns {
  const locale = fields.get('document_locale');
  return { ...columns, ...(locale !== undefined && { document_locale: castText(locale) }) };
}

type Save = (customer: StoredCustomer, columns: Columns) => StoredCustomer;

/** A link was asked for and there is none that names a customer at the provider. */
function wantsNewLink({ columns, paymentLinks }: StoredCustomer, { fields }: SentBilling): boolean {
  const wanted = isTruthy(fields.get('sync_with_provider')) || !isBlank(fields.get('provider_customer_id'));
  return wanted && (paymentLinks.get(columns.payment_provider ?? '')?.providerCustomerId ?? null) === null;
}

function linkProvider(
  customer: StoredCustomer,
  columns: Columns,
  billing: SentBilling,
  organization: Organization,
  save: Save,
): StoredCustomer {
  const { fields } = billing;
  const name = castText(fields.get('payment_provider') ?? null);
  const wanted = isTruthy(fields.get('sync_with_provider')) || isTruthy(fields.get('provider_customer_id'));
  if (name === null || !wanted) return save(customer, columns);

  const { provider, code } = findProvider(name, castText(fields.get('payment_provider_code') ?? null), organization);
  const saved = save(customer, { ...columns, payment_provider: provider, payment_provider_code: code });
  return saveLink(saved, provider, billing, organization);
}

function findProvider(
  name: string,
  code: string | null,
  { paymentProviders }: Pick<Organization, 'paymentProviders'>,
): PaymentProvider {
  const ofThatName = paymentProviders.filter(({ provider }) => provider === name);
  if (isBlank(code) && ofThatName.length > 1) throw validationFailed({ base: ['payment_provider_code_missing'] });
  const found = ofThatName.find((provider) => isBlank(code) || provider.code === code);
  if (found === undefined) throw validationFailed({ base: ['payment_provider_not_found'] });
  return found;
}

/** Null removes the link and, at Lago, the customer's payment methods; an unknown name only empties the column. */
function changeProvider(
  customer: StoredCustomer,
  columns: Columns,
  billing: SentBilling,
  organization: Organization,
  save: Save,
): StoredCustomer {
  const { fields } = billing;
  const name = fields.get('payment_provider');
  const oldName = customer.columns.payment_provider ?? '';
  const oldLink = customer.paymentLinks.get(oldName);

  const renamed = name === undefined ? columns : withProviderName(columns, name, fields.get('payment_provider_code'));
  const removes = oldLink !== undefined && name === null;
  const saved = save(customer, removes ? { ...renamed, payment_provider_code: null } : renamed);
  if (removes) return savePaymentLinks(saved, withoutLink(saved.paymentLinks, oldName), organization);

  const provider = saved.columns.payment_provider;
  const hasLink = !isBlank(fields.get('provider_customer_id')) || oldLink !== undefined;
  return provider === null || !hasLink ? saved : saveLink(saved, provider, billing, organization);
}

const providerNames: ReadonlySet<unknown> = new Set([
  'stripe',
  'gocardless',
  'cashfree',
  'adyen',
  'flutterwave',
  'moneyhash',
] satisfies PaymentProvider['provider'][]);

function withProviderName(
  columns: Columns,
  name: ReturnType<SentBilling['fields']['get']>,
  code: ReturnType<SentBilling['fields']['get']>,
): Columns {
  if (typeof name !== 'string' || !providerNames.has(name)) return { ...columns, payment_provider: null };
  return { ...columns, payment_provider: name, ...(code !== undefined && { payment_provider_code: castText(code) }) };
}

/** The provider's own API is not played: a link that is to be created there stays without a customer id. */
function saveLink(
  customer: StoredCustomer,
  provider: string,
  { fields, providerPaymentMethods }: SentBilling,
  organization: Organization,
): StoredCustomer {
  const current: PaymentLink = customer.paymentLinks.get(provider) ?? {
    providerCustomerId: null,
    settings: provider === 'stripe' ? { provider_payment_methods: ['card'] } : {},
  };
  const id = fields.get('provider_customer_id');
  const sync = fields.get('sync_with_provider');
  const methods = providerPaymentMethods ?? [];
  const link: PaymentLink = {
    providerCustomerId: id === undefined ? current.providerCustomerId : castFilledText(id),
    settings: {
      ...current.settings,
      ...(sync !== undefined && { sync_with_provider: isBlank(sync) ? null : sync }),
      ...(provider === 'stripe' && methods.length > 0 && { provider_payment_methods: methods }),
    },
  };
  return savePaymentLinks(customer, new Map(customer.paymentLinks).set(provider, link), organization);
}

function savePaymentLinks(
  customer: StoredCustomer,
  paymentLinks: ReadonlyMap<string, PaymentLink>,
  { store }: Organization,
): StoredCustomer {
  const saved = { ...customer, paymentLinks };
  store.save(saved);
  return saved;
}

function withoutLink(links: ReadonlyMap<string, PaymentLink>, name: string): ReadonlyMap<string, PaymentLink> {
  return new Map([...links].filter(([other]) => other !== name));
}
