import type { CustomerParameters } from './parameters.js';
import type { ServerVersion } from './server-version.js';
import type { Store } from './store.js';

type PaymentProviderName = 'stripe' | 'gocardless' | 'cashfree' | 'adyen' | 'flutterwave' | 'moneyhash';

/** A payment provider's account that the organization has connected. */
export interface PaymentProvider {
  readonly provider: PaymentProviderName;
  readonly code: string;
}

/** An accounting, tax or CRM system that the organization has connected. */
export interface Integration {
  readonly type: 'netsuite' | 'anrok' | 'avalara' | 'xero' | 'hubspot' | 'salesforce';
  readonly code: string;
}

/** One Lago organization and the server that it lives on. */
export interface Organization {
  readonly store: Store;
  readonly version: ServerVersion;
  readonly premium: boolean;
  readonly metadataValueLimit: number;
  /** The first one is the default. */
  readonly billingEntityCodes: readonly [string, ...string[]];
  readonly taxCodes: ReadonlySet<string>;
  /** Whether its billing entities, all in France, manage EU taxes. */
  readonly managesEuTaxes: boolean;
  readonly paymentProviders: readonly PaymentProvider[];
  readonly integrations: readonly Integration[];
  /** What other writers create in the instant before this organization's next creations, oldest first. */
  readonly races: CustomerParameters[];
  readonly startedAt: number;
  readonly now: () => number;
}
