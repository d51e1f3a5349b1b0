import { createApp, PATH_PREFIX } from './lago/create-app.js';
import type { Integration, Organization, PaymentProvider } from './lago/organization.js';
import { type CustomerParameters, readCustomer } from './lago/parameters.js';
import { createRateLimit } from './lago/rate-limit.js';
import { type LagoRecord, toRecord } from './lago/record.js';
import { type LagoVersion, serverVersions } from './lago/server-version.js';
import { createStore } from './lago/store.js';
import { type Emulator, type EmulatorOptions, startServer } from './server.js';

/**
 * With `rateLimits` (the default) it answers as the hosted service behind its gateway, without as a self-hosted server:
 * no limit and none of its headers.
 */
export interface LagoEmulatorOptions extends EmulatorOptions {
  /** Which server to behave as. Default: `head`, the hosted service's. */
  readonly version?: LagoVersion;
  /** Whether there is a premium licence; without, `timezone` and `invoice_grace_period` are ignored. Default: false. */
  readonly premium?: boolean;
  /** Longest value of a metadata item, in characters. Default: 100; servers before 1.17.2 had 40. */
  readonly metadataValueLimit?: number;
  /** The organization's billing entities, the default one first. Default: one, `acme_corp`. */
  readonly billingEntityCodes?: readonly [string, ...string[]];
  /** The organization's taxes. Default: none. */
  readonly taxCodes?: readonly string[];
  /** Whether its billing entities manage EU taxes, and so set one of Lago's own. Default: false. */
  readonly managesEuTaxes?: boolean;
  /** Payment providers that the organization has connected. Default: none. Their APIs are not played. */
  readonly paymentProviders?: readonly PaymentProvider[];
  /** Accounting, tax and CRM systems that the organization has connected. Default: none. */
  readonly integrations?: readonly Integration[];
  /** What the key may do with customers, on a server that restricts its keys. Default: everything. */
  readonly permissions?: { readonly read?: boolean; readonly write?: boolean };
}

export interface LagoEmulator extends Emulator<LagoRecord> {
  /**
   * The next request that creates a customer loses against another writer, who has just stored one with the same id,
   * and answers 422 `external_id: value_already_exist`. Several calls make several requests lose.
   * @param otherWriter what the other one sent, in the shape of a request's `customer`
   */
  raceNextCreate(otherWriter?: Readonly<Record<string, unknown>>): void;
  /** Gives the customer a subscription; an older server then refuses to change its currency or billing entity. */
  addSubscription(externalId: string): void;
}

const defaultApiKey = 'fa4efa4e-fa4e-4a4e-8a4e-fa4efa4efa4e';

/** A Lago organization with nothing in it but what the options say. */
export async function startEmulator(options: LagoEmulatorOptions = {}): Promise<LagoEmulator> {
  const { port = 0, rateLimits = true, now = Date.now, apiKey = defaultApiKey, permissions } = options;
  const organization = createOrganization(options, now);
  const rateLimit = rateLimits ? createRateLimit(now) : undefined;
  const { read = true, write = true } = permissions ?? {};
  const app = createApp({ organization, apiKey, rateLimit, permissions: { read, write } });
  const { origin, requests, faults, close } = await startServer({ app, port });
  const { store, races } = organization;

  return {
    id: 'lago',
    url: `${origin}${PATH_PREFIX}`,
    apiKey,
    requests,
    faults,
    close,
    customers: () => store.all().map((customer) => toRecord(customer, organization)),
    raceNextCreate(otherWriter = {}) {
      races.push(readCustomer({ customer: { ...otherWriter, external_id: '' } }));
    },
    addSubscription(externalId) {
      const customer = store.find(externalId);
      if (customer === undefined) throw new Error(`lago emulator: no customer "${externalId}" to give a subscription`);
      store.save({ ...customer, hasBillingObjects: true });
    },
    reset() {
      store.clear();
      races.length = 0;
      requests.length = 0;
      faults.clear();
      rateLimit?.reset();
    },
  };
}

function createOrganization(options: LagoEmulatorOptions, now: () => number): Organization {
  const races: CustomerParameters[] = [];
  return {
    store: createStore(),
    version: serverVersions[options.version ?? 'head'],
    premium: options.premium ?? false,
    metadataValueLimit: options.metadataValueLimit ?? 100,
    billingEntityCodes: options.billingEntityCodes ?? ['acme_corp'],
    taxCodes: new Set(options.taxCodes),
    managesEuTaxes: options.managesEuTaxes ?? false,
    paymentProviders: options.paymentProviders ?? [],
    integrations: options.integrations ?? [],
    races,
    startedAt: now(),
    now,
  };
}
