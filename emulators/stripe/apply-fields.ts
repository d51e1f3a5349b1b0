import { ADDRESS_FIELDS, type StripeAddress, type StripeInvoiceSettings, type StripeRecord } from './customer.js';
import { invalid, missing, StripeError } from './errors.js';
import type { Fields } from './form.js';

type Value = string | Fields;
type Change = (record: StripeRecord, value: Value, param: string) => Partial<StripeRecord>;

export interface FieldRules {
  /** What an update does to the parts of `address` that it leaves out; not documented. Default of the stand-in: empties them. */
  readonly addressUpdates: 'replace' | 'merge';
}

/** Carries out a create or an update. @throws StripeError for the first field that Stripe would refuse. */
export function applyFields(
  record: StripeRecord,
  fields: Fields,
  operation: 'create' | 'update',
  rules: FieldRules,
): StripeRecord {
  let changed = record;
  for (const [name, value] of Object.entries(fields)) {
    const change = name === 'address' ? addressChange(rules) : (changes[name] ?? createOnly(operation)[name]);
    if (change === undefined) {
      throw invalid(name, `Received unknown parameter: ${name}`, 'parameter_unknown');
    }
    changed = { ...changed, ...change(changed, value, name) };
  }
  return changed;
}

const changes: Readonly<Record<string, Change>> = {
  name: (_, value, param) => ({ name: textOf(value, param, 256) }),
  email: (_, value, param) => ({ email: emailOf(value, param) }),
  phone: (_, value, param) => ({ phone: textOf(value, param, 20) }),
  description: (_, value, param) => ({ description: textOf(value, param, 5000) }),
  business_name: (_, value, param) => ({ business_name: textOf(value, param, 150) ?? undefined }),
  individual_name: (_, value, param) => ({ individual_name: textOf(value, param, 150) ?? undefined }),
  metadata: ({ metadata }, value, param) => ({ metadata: mergedMetadata(metadata, value, param) }),
  shipping: (_, value) => ({ shipping: shippingOf(value) }),
  preferred_locales: (_, value, param) => ({ preferred_locales: listOf(value, param) }),
  tax_exempt: (_, value, param) => ({ tax_exempt: taxStatusOf(value, param) }),
  invoice_prefix: (_, value, param) => ({ invoice_prefix: textOf(value, param, 12) ?? '' }),
  next_invoice_sequence: (_, value, param) => ({ next_invoice_sequence: Number(textOf(value, param, 12)) }),
  invoice_settings: ({ invoice_settings: settings }, value, param) => ({
    invoice_settings: invoiceSettingsOf(settings, value, param),
  }),
  // Shown only where a request expands them.
  cash_balance: () => ({}),
  tax: () => ({}),
};

function createOnly(operation: 'create' | 'update'): Readonly<Record<string, Change>> {
  if (operation === 'update') return {};
  return {
    tax_id_data: () => ({}),
    payment_method: () => ({}),
    test_clock: (_, value, param) => ({ test_clock: textOf(value, param, 5000) }),
  };
}

/** Inferred: the words of a text that is too long. */
function textOf(value: Value, param: string, maxLength: number): string | null {
  if (typeof value !== 'string') throw invalid(param, 'Invalid string');
  if ([...value].length > maxLength) throw invalid(param, `Invalid string: must be at most ${maxLength} characters`);
  return value === '' ? null : value;
}

function emailOf(value: Value, param: string): string | null {
  const email = textOf(value, param, 512);
  if (email !== null && !/^[^@\s]+@[^@\s]+$/.test(email)) {
    throw invalid(param, `Invalid email address: ${email}`, 'email_invalid');
  }
  return email;
}

function mergedMetadata(stored: StripeRecord['metadata'], value: Value, param: string): StripeRecord['metadata'] {
  // The whole unset at once.
  if (value === '') return {};
  const merged: Record<string, string> = { ...stored };
  for (const [key, text] of Object.entries(objectOf(value, param))) {
    if (typeof text !== 'string') throw invalid(`metadata[${key}]`, 'Metadata values must be strings.');
    if ([...key].length > 40) throw invalid(param, 'Metadata keys can have up to 40 characters.');
    if ([...text].length > 500) throw invalid(`metadata[${key}]`, 'Metadata values can have up to 500 characters.');
    if (text === '') delete merged[key];
    else merged[key] = text;
  }
  if (Object.keys(merged).length > 50) throw invalid(param, 'You can have at most 50 metadata keys.');
  return merged;
}

function addressChange({ addressUpdates }: FieldRules): Change {
  return ({ address }, value, param) => ({
    address: value === '' ? null : addressOf(value, param, addressUpdates === 'merge' ? address : null),
  });
}

function addressOf(value: Value, param: string, stored: StripeAddress | null): StripeAddress {
  const fields = objectOf(value, param);
  const unknown = Object.keys(fields).find((name) => !ADDRESS_FIELDS.some((field) => field === name));
  if (unknown !== undefined) {
    throw invalid(`${param}[${unknown}]`, `Received unknown parameter: ${param}[${unknown}]`, 'parameter_unknown');
  }
  const part = (name: (typeof ADDRESS_FIELDS)[number]) => {
    const sent = fields[name];
    return sent === undefined ? (stored?.[name] ?? null) : textOf(sent, `${param}[${name}]`, 5000);
  };
  return {
    city: part('city'),
    country: part('country'),
    line1: part('line1'),
    line2: part('line2'),
    postal_code: part('postal_code'),
    state: part('state'),
  };
}

/** Replaced as a whole, and both parts are required: issues #255 of stripe-python and #755 of stripe-ruby. */
function shippingOf(value: Value): StripeRecord['shipping'] {
  if (value === '') return null;
  const { address, name, phone, ...others } = objectOf(value, 'shipping');
  if (address === undefined) throw missing('shipping[address]');
  const recipient = name === undefined ? null : textOf(name, 'shipping[name]', 5000);
  if (recipient === null) throw missing('shipping[name]');
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw invalid(`shipping[${unknown}]`, `Received unknown parameter: shipping[${unknown}]`, 'parameter_unknown');
  }
  return {
    address: addressOf(address, 'shipping[address]', null),
    name: recipient,
    phone: phone === undefined ? null : textOf(phone, 'shipping[phone]', 5000),
  };
}

function taxStatusOf(value: Value, param: string): StripeRecord['tax_exempt'] {
  if (value === '' || value === 'none') return 'none';
  if (value === 'exempt' || value === 'reverse') return value;
  throw invalid(param, `Invalid ${param}: must be one of none, exempt, or reverse`);
}

function invoiceSettingsOf(stored: StripeInvoiceSettings, value: Value, param: string): StripeInvoiceSettings {
  const {
    custom_fields: custom,
    default_payment_method: method,
    footer,
    rendering_options: rendering,
  } = objectOf(value, param);
  return {
    custom_fields: custom === undefined ? stored.custom_fields : customFieldsOf(custom),
    default_payment_method: method === undefined ? stored.default_payment_method : textOf(method, param, 5000),
    footer: footer === undefined ? stored.footer : textOf(footer, param, 5000),
    rendering_options: rendering === undefined ? stored.rendering_options : renderingOf(rendering),
  };
}

function customFieldsOf(value: Value): StripeInvoiceSettings['custom_fields'] {
  if (value === '') return null;
  return Object.values(objectOf(value, 'invoice_settings[custom_fields]')).map((entry) => {
    const { name = '', value: text = '' } = objectOf(entry, 'invoice_settings[custom_fields]');
    return { name: String(name), value: String(text) };
  });
}

function renderingOf(value: Value): StripeInvoiceSettings['rendering_options'] {
  if (value === '') return null;
  const { amount_tax_display: display, template } = objectOf(value, 'invoice_settings[rendering_options]');
  return {
    amount_tax_display: display === undefined ? null : String(display),
    template: template === undefined ? null : String(template),
  };
}

function listOf(value: Value, param: string): readonly string[] {
  return Object.values(objectOf(value, param)).map(String);
}

function objectOf(value: Value, param: string): Fields {
  if (typeof value === 'string') throw new StripeError(400, { message: 'Invalid object', param });
  return value;
}
