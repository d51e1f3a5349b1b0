import { beforeEach, onTestFinished } from 'vitest';
import { apiKeyPlaceholder } from '../../../emulators/nango/integration.js';
import { type NangoEmulator, startNangoEmulator } from '../../../emulators/nango.js';
import { recharge } from '../../../integrations/recharge/connector.js';
import type { Outcome } from '../../../schemas/outcome.js';
import type { HttpRequest } from '../../../src/core/http/host.js';
import { createNangoAction } from '../../../src/hosts/nango-action.js';
import type { Clock } from '../../../src/hosts/nango-ask.js';
import { createNangoProxyHost } from '../../../src/hosts/nango-proxy-host.js';
import { createRunner } from '../../../src/runner/runner.js';
import { type Answer, closedPort, type Listening, serve } from '../loopback.js';

/** How the provider behind Nango answers; each test says it. */
export const behind: { answer: Answer } = { answer: (response) => response.end() };
export let provider: Listening;
export let nango: NangoEmulator;

/** An integration whose provider is away. */
export const away = 'away';

beforeEach(async () => {
  provider = await serve((response, request) => behind.answer(response, request));
  const header = { name: 'x-recharge-access-token', valueTemplate: apiKeyPlaceholder };
  const connection = { connectionId: 'acme', providerConfigKey: 'recharge', apiKey: 'key-in-nango' };
  nango = await startNangoEmulator({
    integrations: {
      recharge: { baseUrl: provider.url, header },
      [away]: { baseUrl: `http://127.0.0.1:${await closedPort()}`, header },
    },
    connections: [
      { ...connection, tags: { plan: 'gold', region: 'eu' } },
      { ...connection, providerConfigKey: away },
      { ...connection, connectionId: 'late', tags: { plan: 'gold' } },
    ],
    rateLimits: false,
  });
  onTestFinished(() => nango.close());
});

const runner = createRunner({ providers: [recharge] });
export const customer = { id: 'u-1', email: 'joe@example.test', first_name: 'Joe', last_name: 'Doe' };
export const record = {
  id: 7,
  email: 'joe@example.test',
  first_name: 'Joe',
  last_name: 'Doe',
  external_customer_id: { ecommerce: null },
};

export const find: HttpRequest = {
  operation: 'find',
  method: 'GET',
  path: '/customers',
  headers: { accept: 'application/json' },
};
export const create: HttpRequest = {
  operation: 'create',
  method: 'POST',
  path: '/customers',
  headers: { accept: 'application/json', 'content-type': 'application/json' },
  body: '{"email":"joe@example.test"}',
};

export function place(integration = 'recharge', connectionId = 'acme') {
  return { secretKey: nango.secretKey, nangoUrl: nango.url, integration, connectionId };
}

export function proxy(integration?: string, connectionId?: string) {
  return createNangoProxyHost({ ...place(integration, connectionId), definition: recharge.definition });
}

/** The same customer through the whole engine, without waits between attempts. */
export async function upsert(through = proxy()): Promise<Outcome | undefined> {
  const retry = { maxAttempts: 3, baseMs: 0, capMs: 0, budgetMs: 5_000 };
  const connection = runner.connect({ to: 'recharge', host: through, retry, rateShare: 'unpaced' });
  const [outcome] = await runner.upsert(connection, customer);
  return outcome;
}

/** A Recharge with no customers, whose create answers in this way. */
export function emptyShop(created: Answer): Answer {
  return (response, request) => {
    if (request.method === 'POST') created(response, request);
    else json(response, 200, { customers: [] });
  };
}

export function json(
  response: Parameters<Answer>[0],
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}

export function targets(seen: readonly { readonly method: string; readonly target: string }[]): string[] {
  return seen.map(({ method, target }) => `${method} ${target}`);
}

/** An action that is a plain function. */
export function deploy(exec: Parameters<NangoEmulator['deploy']>[0]['exec']): void {
  nango.deploy({ integration: 'recharge', name: 'upsert-customers-batch', type: 'action', exec });
}

/** The result is asked for when there is one. */
export function action(clock: Clock = { now: Date.now, sleep: nango.idle }) {
  return createNangoAction({ ...place(), provider: recharge, clock });
}

export const created = { customer_id: 'u-1', to: 'recharge', status: 'created', changes: [], warnings: [] };
