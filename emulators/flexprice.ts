import { type Attachment, createCustomerService } from './flexprice/customer-service.js';
import type { ErrorShape } from './flexprice/errors.js';
import { createIntegrations, type IntegrationLink } from './flexprice/integrations.js';
import { type FlexpriceRecord, ulid } from './flexprice/record.js';
import { createReplica } from './flexprice/replica.js';
import { type Access, flexpriceRoutes } from './flexprice/routes.js';
import { createStore } from './flexprice/store.js';
import { type Emulator, type EmulatorOptions, startServer } from './server.js';

export type { FlexpriceRecord } from './flexprice/record.js';

/** `rateLimits` changes nothing: the open-source server limits none of these routes, and what the hosted edge does is not known. */
export interface FlexpriceEmulatorOptions extends EmulatorOptions {
  /** Default: current. */
  readonly errorShape?: ErrorShape;
  /** Default: full. */
  readonly access?: Access;
  /** How many reads by external id miss a customer that was just created. Default: 0. */
  readonly replicaLag?: number;
  /** Tax rate codes that exist. Default: none. */
  readonly taxRateCodes?: readonly string[];
  /** Tax rate codes that the tenant links to a customer created without `tax_rate_overrides`. Default: none. */
  readonly autoAppliedTaxRateCodes?: readonly string[];
}

export interface FlexpriceEmulator extends Emulator<FlexpriceRecord> {
  /** External ids of the customers whose creation started the tenant's onboarding workflow, oldest first. */
  readonly onboarded: readonly string[];
  /** Codes of the tax rates that were linked to the customer with this internal id. */
  taxRatesOf(customerId: string): readonly string[];
  /** Gives the customer a subscription that is not cancelled, or a wallet: it cannot be deleted any more. */
  attach(customerId: string, attachment: Attachment): void;
  /** Links the customer to one of another system, as POST /v1/integrations/link does; seen with `expand=integrations`. */
  linkIntegration(customerId: string, link: IntegrationLink): void;
}

/** Flexprice's customer API as its open-source server stood in August 2026. */
export async function startEmulator(options: FlexpriceEmulatorOptions = {}): Promise<FlexpriceEmulator> {
  const { apiKey = 'sk_flexprice_emulator', now = Date.now } = options;
  let lastNumber = 0;
  // Not started again by reset(): an id that a ledger still holds never comes to mean another customer.
  const nextNumber = () => ++lastNumber;

  const store = createStore();
  const replica = createReplica(options.replicaLag ?? 0);
  const integrations = createIntegrations({ nextNumber, now });
  const linkedTaxRates = new Map<string, readonly string[]>();
  const attachments = new Map<string, Attachment>();
  const onboarded: string[] = [];
  const service = createCustomerService({
    store,
    replica,
    taxRates: { known: options.taxRateCodes ?? [], autoApplied: options.autoAppliedTaxRateCodes ?? [] },
    linkedTaxRates,
    attachments,
    onboarded,
    nextNumber,
    now,
  });
  const app = flexpriceRoutes({
    service,
    store,
    replica,
    integrations,
    apiKey,
    access: options.access ?? 'full',
    errorShape: options.errorShape ?? 'current',
    newRequestId: () => ulid(now(), nextNumber()),
  });

  const server = await startServer({ app, port: options.port ?? 0 });
  return {
    id: 'flexprice',
    url: `${server.origin}/v1`,
    apiKey,
    requests: server.requests,
    faults: server.faults,
    onboarded,
    customers: () =>
      store
        .newestFirst()
        .toReversed()
        .flatMap(({ record }) => (record.status === 'published' ? [record] : [])),
    taxRatesOf: (customerId) => linkedTaxRates.get(customerId) ?? [],
    attach: (customerId, attachment) => void attachments.set(customerId, attachment),
    linkIntegration: integrations.link,
    reset() {
      for (const part of [store, replica, integrations, linkedTaxRates, attachments]) part.clear();
      onboarded.length = 0;
      server.requests.length = 0;
      server.faults.clear();
    },
    close: () => server.close(),
  };
}
