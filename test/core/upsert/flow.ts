import { onTestFinished } from 'vitest';
import { startEmulator as startAutumn } from '../../../emulators/autumn.js';
import { startEmulator as startFlexprice } from '../../../emulators/flexprice.js';
import { startEmulator as startLago } from '../../../emulators/lago.js';
import { startEmulator as startRecharge } from '../../../emulators/recharge.js';
import type { Emulator } from '../../../emulators/server.js';
import { parseForm } from '../../../emulators/stripe/form.js';
import { type StripeEmulator, startEmulator as startStripe } from '../../../emulators/stripe.js';
import { autumn } from '../../../integrations/autumn/connector.js';
import { flexprice } from '../../../integrations/flexprice/connector.js';
import { lago } from '../../../integrations/lago/connector.js';
import { recharge } from '../../../integrations/recharge/connector.js';
import { builtInProviders } from '../../../integrations/registry.js';
import { stripe } from '../../../integrations/stripe/connector.js';
import type { Overlay } from '../../../schemas/mapping.js';
import type { Outcome } from '../../../schemas/outcome.js';
import type { Provider } from '../../../src/core/connector.js';
import { encodeForm } from '../../../src/core/http/form.js';
import type { Host, HttpRequest } from '../../../src/core/http/host.js';
import type { RetryPolicy } from '../../../src/core/http/retry.js';
import { createLocalHost } from '../../../src/hosts/local-host.js';
import type { Connection } from '../../../src/runner/connection.js';
import { createRunner } from '../../../src/runner/runner.js';
import { searchOutcome } from '../../security/watch.js';

export const RETRY: RetryPolicy = { maxAttempts: 3, baseMs: 100, capMs: 1_000, budgetMs: 60_000 };

/** What the flow asked the provider for, whatever the provider calls it. */
export type Step = 'read' | 'create' | 'update';

/** A host over real sockets whose clock does not make anybody wait. */
export interface WatchedHost extends Host {
  readonly requests: HttpRequest[];
  /** Every wait asked for, in milliseconds. */
  readonly waits: number[];
  /** Called before each request goes out, with how many went before it. */
  before: ((request: HttpRequest, earlier: number) => void | Promise<void>) | undefined;
}

export interface Flow<E extends Emulator> {
  readonly emulator: E;
  readonly provider: Provider;
  readonly host: WatchedHost;
  readonly connection: Connection;
  upsert(customer: Record<string, unknown>): Promise<Outcome>;
  /** Upserts, and then forgets that it did. */
  given(customer: Record<string, unknown>): Promise<Outcome>;
  steps(): Step[];
  /** Bodies of the writes, oldest first. */
  written(): unknown[];
  /** Asks the emulator directly, as another program with the same key would. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<unknown>;
}

interface FlowOptions {
  readonly retry?: RetryPolicy;
  readonly overlay?: Overlay;
  readonly baseUrl?: string;
  readonly apiKey?: string;
}

export function openFlow<E extends Emulator>(emulator: E, provider: Provider, options: FlowOptions = {}): Flow<E> {
  const { definition } = provider;
  const host = watched(
    createLocalHost({
      definition,
      baseUrl: options.baseUrl ?? emulator.url,
      apiKey: options.apiKey ?? emulator.apiKey,
    }),
  );
  const runner = createRunner({ providers: builtInProviders });
  const { retry = RETRY, overlay } = options;
  const overlays = overlay === undefined ? [] : [{ name: 'overlay', overlay }];
  const connection = runner.connect({ to: definition.id, host, retry, overlays, rateShare: 'unpaced' });

  async function upsert(customer: Record<string, unknown>): Promise<Outcome> {
    const [outcome] = await runner.upsert(connection, customer);
    if (outcome === undefined) throw new Error('no outcome');
    searchOutcome(outcome, customer, [emulator.apiKey]);
    return outcome;
  }

  return {
    emulator,
    provider,
    host,
    connection,
    upsert,
    async given(customer) {
      const outcome = await upsert(customer);
      forget(host);
      emulator.requests.length = 0;
      return outcome;
    },
    steps: () =>
      withoutConfirmations(host.requests, ({ operation }) => operation).map(({ operation }) => stepOf(operation)),
    written: () =>
      host.requests
        .filter(({ operation }) => stepOf(operation) !== 'read')
        .map(({ body }) => parsedBody(provider, body)),
    async call(method, path, body, headers = {}) {
      const response = await fetch(emulator.url + path, {
        method,
        headers: {
          ...definition.api.headers,
          [definition.auth.header]: definition.auth.value.replace('{key}', emulator.apiKey),
          ...bodyType(provider),
          ...headers,
        },
        ...(body !== undefined && { body: bodyText(provider, body) }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
      return text === '' ? undefined : JSON.parse(text);
    },
  };
}

export function watched(host: Host): WatchedHost {
  let slept = 0;
  const result: WatchedHost = {
    ...host,
    requests: [],
    waits: [],
    before: undefined,
    async send(request) {
      const earlier = result.requests.push(request) - 1;
      await result.before?.(request, earlier);
      return host.send(request);
    },
    now: () => host.now() + slept,
    async sleep(ms) {
      result.waits.push(ms);
      slept += ms;
    },
    random: () => 0.5,
  };
  return result;
}

function forget(host: WatchedHost): void {
  host.requests.length = 0;
  host.waits.length = 0;
}

/** How a request of somebody else writes what it sends, as the provider's API wants it. */
export function bodyType({ definition }: Provider): Record<string, string> {
  const isForm = definition.api.body === 'form';
  return { 'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json' };
}

export function bodyText({ definition }: Provider, body: unknown): string {
  return definition.api.body === 'form' ? encodeForm(body) : JSON.stringify(body);
}

function parsedBody({ definition }: Provider, body: string | undefined): unknown {
  return definition.api.body === 'form' ? parseForm(body ?? '') : JSON.parse(body ?? 'null');
}

/** Where a search lags, what it finds is read once more by its id, which is a part of the same look-up. */
export function withoutConfirmations<T>(requests: readonly T[], operationOf: (request: T) => string): T[] {
  return requests.filter((request, index) => {
    const before = requests[index - 1];
    return before === undefined || operationOf(before) !== 'search' || operationOf(request) !== 'get';
  });
}

function stepOf(operation: string): Step {
  return operation === 'create' || operation === 'update' ? operation : 'read';
}

/** Closes an emulator with the test. */
export async function during<E extends Emulator>(starting: Promise<E>): Promise<E> {
  const emulator = await starting;
  onTestFinished(() => emulator.close());
  return emulator;
}

/** What another program with the same key has. */
export type Access = Pick<Flow<Emulator<object>>, 'emulator' | 'call'>;

/** What the shared cases must know of a provider. */
export interface Subject {
  readonly id: string;
  readonly provider: Provider;
  start(): Promise<Emulator<object>>;
  /** Full name of each customer that the emulator holds. */
  names(emulator: Emulator<object>): string[];
  /** Another program creates this customer. */
  createElsewhere(access: Access, firstName: string): Promise<unknown>;
  /** Another program deletes the one customer there is. */
  deleteElsewhere(access: Access): Promise<unknown>;
  /** Whether a create can be sent twice with the effect of once. */
  readonly safeCreate: boolean;
  /** An answer with a success status that names nobody. */
  readonly nobody: string;
  /** A refusal of the name in these words, and the field that it names, in our words where they are known. */
  refusal(words: string): { readonly status: number; readonly body: unknown; readonly field: string };
}

/** The customer that the shared cases are about. */
export const JOE = { id: 'acct_1', email: 'joe@example.test', first_name: 'Joe', last_name: 'Bloggs' };

const text = (record: object, field: string): string => String(Reflect.get(record, field) ?? '');
const idOfOnly = ({ emulator }: Access): string => text(emulator.customers()[0] ?? {}, 'id');

/** Another process of this program, which knows as much: who creates without our key can create anybody twice. */
function stripeKey({ emulator }: Access): string {
  const [gone] = isStripe(emulator) ? emulator.deletedIds().slice(-1) : [];
  return gone === undefined ? `customer-sync-${JOE.id}` : `customer-sync-${JOE.id}:after:${gone}`;
}

export function isStripe(emulator: Emulator<object>): emulator is StripeEmulator {
  return emulator.id === 'stripe';
}

export const SUBJECTS: readonly Subject[] = [
  {
    id: 'recharge',
    provider: recharge,
    start: () => startRecharge({ rateLimits: false }),
    names: (emulator) =>
      emulator.customers().map((record) => `${text(record, 'first_name')} ${text(record, 'last_name')}`),
    createElsewhere: ({ call }, first_name) =>
      call('POST', '/customers', { email: JOE.email, first_name, last_name: JOE.last_name }),
    deleteElsewhere: (flow) => flow.call('DELETE', `/customers/${idOfOnly(flow)}`),
    safeCreate: false,
    nobody: '{"customer":{"email":"joe@example.test"}}',
    refusal: (words) => ({ status: 422, body: { errors: { first_name: [words] } }, field: 'first_name' }),
  },
  {
    id: 'lago',
    provider: lago,
    start: () => startLago({ rateLimits: false }),
    names: (emulator) =>
      emulator.customers().map((record) => `${text(record, 'firstname')} ${text(record, 'lastname')}`),
    createElsewhere: ({ call }, firstname) =>
      call('POST', '/customers', {
        customer: { external_id: JOE.id, email: JOE.email, firstname, lastname: JOE.last_name },
      }),
    deleteElsewhere: ({ call }) => call('DELETE', `/customers/${JOE.id}`),
    safeCreate: true,
    nobody: '{"customer":{"external_id":"acct_1"}}',
    refusal: (words) => ({
      status: 422,
      body: {
        status: 422,
        error: 'Unprocessable Entity',
        code: 'validation_errors',
        error_details: { firstname: [words] },
      },
      field: 'first_name',
    }),
  },
  {
    id: 'flexprice',
    provider: flexprice,
    start: () => startFlexprice({ rateLimits: false }),
    names: (emulator) => emulator.customers().map((record) => text(record, 'name')),
    createElsewhere: ({ call }, firstName) =>
      call('POST', '/customers', { external_id: JOE.id, email: JOE.email, name: `${firstName} ${JOE.last_name}` }),
    deleteElsewhere: (flow) => flow.call('DELETE', `/customers/${idOfOnly(flow)}`),
    safeCreate: false,
    nobody: '{"external_id":"acct_1"}',
    refusal: (words) => ({
      status: 400,
      body: {
        code: 'validation_error',
        message: 'Request validation failed',
        http_status_code: 400,
        details: { Name: words },
      },
      field: 'Name',
    }),
  },
  {
    id: 'autumn',
    provider: autumn,
    start: () => startAutumn({ rateLimits: false }),
    names: (emulator) => emulator.customers().map((record) => text(record, 'name')),
    createElsewhere: ({ call }, firstName) =>
      call('POST', '/customers.get_or_create', {
        customer_id: JOE.id,
        email: JOE.email,
        name: `${firstName} ${JOE.last_name}`,
      }),
    deleteElsewhere: ({ call }) => call('POST', '/customers.delete', { customer_id: JOE.id }),
    safeCreate: true,
    nobody: '{"name":"Joe Bloggs"}',
    refusal: (words) => ({
      status: 400,
      body: { message: `name: ${words}`, code: 'invalid_inputs', env: 'sandbox' },
      field: 'name',
    }),
  },
  {
    id: 'stripe',
    provider: stripe,
    start: () => startStripe({ rateLimits: false }),
    names: (emulator) => emulator.customers().map((record) => text(record, 'name')),
    createElsewhere: (access, firstName) =>
      access.call(
        'POST',
        '/v1/customers',
        { metadata: { customer_sync_id: JOE.id }, email: JOE.email, name: `${firstName} ${JOE.last_name}` },
        { 'idempotency-key': stripeKey(access) },
      ),
    async deleteElsewhere(flow) {
      await flow.call('DELETE', `/v1/customers/${idOfOnly(flow)}`);
      // Who made the customer did so more than a day ago.
      if (isStripe(flow.emulator)) flow.emulator.forgetKeys();
    },
    safeCreate: true,
    nobody: '{"object":"customer","metadata":{"customer_sync_id":"acct_1"}}',
    refusal: (words) => ({
      status: 400,
      body: { error: { code: 'parameter_invalid', message: words, param: 'name', type: 'invalid_request_error' } },
      field: 'name',
    }),
  },
];
