import { type Access, isStripe } from '../core/upsert/flow.js';

/** What a provider holds of one customer, in words that all of them share. */
export interface Held {
  readonly email: string;
  readonly name: string;
  /** One more field, another at each provider. */
  readonly extra?: string | undefined;
}

/** How the model looks at an account, and how another program changes it. */
export interface Account {
  held(record: object): Held;
  /** Canonical fields that set the one more field, or with `null` clear it. */
  extraFields(value: string | null): Record<string, unknown>;
  readonly clearsExtra: boolean;
  /** @param held the customer as it is there now */
  rename(access: Access, ourId: string, held: Held, name: string): Promise<unknown>;
  remove(access: Access, ourId: string, held: Held): Promise<unknown>;
}

const text = (record: object, field: string): string => String(Reflect.get(record, field) ?? '');
const orAbsent = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** Recharge knows no id of ours. */
function rechargeId({ emulator }: Access, { email }: Held): string {
  const record = emulator.customers().find((candidate) => text(candidate, 'email') === email);
  return record === undefined ? 'nobody' : text(record, 'id');
}

function flexpriceId({ emulator }: Access, ourId: string): string {
  const record = emulator.customers().find((candidate) => text(candidate, 'external_id') === ourId);
  return record === undefined ? 'nobody' : text(record, 'id');
}

function stripeId({ emulator }: Access, ourId: string): string {
  const idOf = (record: object) => Reflect.get(Object(Reflect.get(record, 'metadata')), 'customer_sync_id');
  const record = emulator.customers().find((candidate) => idOf(candidate) === ourId);
  return record === undefined ? 'nobody' : text(record, 'id');
}

export const ACCOUNTS: Readonly<Record<string, Account>> = {
  recharge: {
    held: (record) => ({
      email: text(record, 'email'),
      name: `${text(record, 'first_name')} ${text(record, 'last_name')}`,
      extra: orAbsent(Reflect.get(record, 'phone')),
    }),
    extraFields: (phone) => ({ phone }),
    clearsExtra: false,
    rename: (access, _ourId, held, name) => {
      const [first_name, last_name] = name.split(' ');
      return access.call('PUT', `/customers/${rechargeId(access, held)}`, { first_name, last_name });
    },
    remove: (access, _ourId, held) => access.call('DELETE', `/customers/${rechargeId(access, held)}`),
  },
  lago: {
    held: (record) => ({
      email: text(record, 'email'),
      name: `${text(record, 'firstname')} ${text(record, 'lastname')}`,
      extra: orAbsent(Reflect.get(record, 'phone')),
    }),
    extraFields: (phone) => ({ phone }),
    clearsExtra: true,
    rename: ({ call }, external_id, _held, name) => {
      const [firstname, lastname] = name.split(' ');
      return call('POST', '/customers', { customer: { external_id, firstname, lastname } });
    },
    remove: ({ call }, ourId) => call('DELETE', `/customers/${ourId}`),
  },
  flexprice: {
    held: (record) => ({
      email: text(record, 'email'),
      name: text(record, 'name'),
      extra: orAbsent(Reflect.get(record, 'address_line1')),
    }),
    extraFields: (line1) => ({ address: { line1 } }),
    clearsExtra: true,
    rename: ({ call }, ourId, _held, name) => call('PUT', `/customers?external_customer_id=${ourId}`, { name }),
    remove: (access, ourId) => access.call('DELETE', `/customers/${flexpriceId(access, ourId)}`),
  },
  autumn: {
    held: (record) => ({
      email: text(record, 'email'),
      name: text(record, 'name'),
      extra: orAbsent(Reflect.get(Object(Reflect.get(record, 'metadata') ?? {}), 'plan')),
    }),
    extraFields: (plan) => ({ metadata: { plan } }),
    clearsExtra: true,
    rename: ({ call }, customer_id, _held, name) => call('POST', '/customers.update', { customer_id, name }),
    remove: ({ call }, customer_id) => call('POST', '/customers.delete', { customer_id }),
  },
  stripe: {
    held: (record) => ({
      email: text(record, 'email'),
      name: text(record, 'name'),
      extra: orAbsent(Reflect.get(record, 'phone')),
    }),
    extraFields: (phone) => ({ phone }),
    clearsExtra: true,
    rename: (access, ourId, _held, name) => access.call('POST', `/v1/customers/${stripeId(access, ourId)}`, { name }),
    async remove(access, ourId) {
      await access.call('DELETE', `/v1/customers/${stripeId(access, ourId)}`);
      // A day goes by: until then Stripe gives the answer of the create once more, or none where the values are others.
      if (isStripe(access.emulator)) access.emulator.forgetKeys();
    },
  },
};
