import { Hono } from 'hono';
import { CustomerStore } from './autumn/customer-store.js';
import type { CustomerBase } from './autumn/customers.js';
import { ApiError } from './autumn/errors.js';
import { IdempotencyKeys } from './autumn/idempotency-keys.js';
import { type AutumnKeys, createAuthentication, createKeys, type Environment } from './autumn/keys.js';
import { addLayers, capKey } from './autumn/layers.js';
import { ORGANISATION_CAP, RateWindows } from './autumn/rate-limits.js';
import { type AutumnRecord, presentRecord } from './autumn/responses.js';
import { type ApiEnv, addCustomerRoutes } from './autumn/routes.js';
import { type Emulator, type EmulatorOptions, startServer } from './server.js';

export type { AutumnKeys, AutumnRecord };

export interface AutumnEmulatorOptions extends EmulatorOptions {
  /** When the organisation was made, epoch milliseconds: decides the version of requests without `x-api-version`. */
  readonly organisationCreatedAt?: number;
  /**
   * Whether the server reaches its store of idempotency keys. With it a repeated `Idempotency-Key` is answered 409, as
   * on the hosted service; without it keys have no effect, as in the recorded answers. Default: false.
   */
  readonly idempotencyStore?: boolean;
}

export interface AutumnEmulator extends Emulator<AutumnRecord> {
  /** All keys of the organisation; `apiKey` is the full sandbox one. */
  readonly keys: AutumnKeys;
  /**
   * Lets the sandbox start a new minute in which so many of the organisation's 240,000 reads and creates are used up.
   * At 240,000 or more the next ones are refused; 0 lifts it.
   */
  presetOrganisationCap(used: number): void;
}

/** Starts a stand-in for Autumn's customer API: open-source server, commit 187c0a7fd818 of August 2026, without Stripe. */
export async function startEmulator(options: AutumnEmulatorOptions = {}): Promise<AutumnEmulator> {
  const now = options.now ?? Date.now;
  const keys = createKeys(options.apiKey ?? 'am_sk_test_emulator');
  const rateWindows = new RateWindows(now);
  const idempotencyKeys = new IdempotencyKeys(now);
  const nextInternalId = createInternalIds();
  const base = (environment: Environment): CustomerBase => ({
    environment,
    store: new CustomerStore(now),
    now,
    nextInternalId,
  });
  const bases = { sandbox: base('sandbox'), live: base('live') };

  const api = new Hono<ApiEnv>();
  addLayers(api, {
    authenticate: createAuthentication(keys),
    organisationCreatedAt: options.organisationCreatedAt ?? Date.parse('2026-10-01'),
    rateWindows,
    enforceLimits: options.rateLimits ?? true,
    idempotencyKeys: options.idempotencyStore ? idempotencyKeys : undefined,
  });
  addCustomerRoutes(api, bases);
  // An unknown path, or the wrong method, reaches the dashboard's routes, which know no API keys.
  api.all('*', () => {
    throw new ApiError(401, 'no_auth_header', 'Unauthorized - no session found');
  });

  const app = new Hono();
  app.route('/v1', api);
  const server = await startServer({ app, port: options.port ?? 0 });

  return {
    id: 'autumn',
    url: `${server.origin}/v1`,
    apiKey: keys.sandbox,
    keys,
    requests: server.requests,
    faults: server.faults,
    customers: () => bases.sandbox.store.all().map((row) => presentRecord(row, { environment: 'sandbox' })),
    presetOrganisationCap: (used) => rateWindows.preset(capKey('sandbox'), ORGANISATION_CAP, used),
    reset() {
      for (const { store } of Object.values(bases)) store.clear();
      rateWindows.clear();
      idempotencyKeys.clear();
      server.requests.length = 0;
      server.faults.clear();
    },
    close: server.close,
  };
}

/** `cus_` and 27 characters, as the server's KSUIDs. They count on across a reset, so none is ever given twice. */
function createInternalIds(): () => string {
  let made = 0;
  return () => {
    made += 1;
    return `cus_${made.toString(36).padStart(27, '0')}`;
  };
}
