import { definition } from '../../../providers/recharge/definition.js';
import { definitionSchema, type ProviderDefinition } from '../../../schemas/definition.js';
import { type CustomerSyncError, isCustomerSyncError } from '../../../src/core/errors.js';
import { createClient } from '../../../src/core/http/client.js';
import { type Host, TransportError } from '../../../src/core/http/host.js';
import type { RetryPolicy } from '../../../src/core/http/retry.js';
import { type Scripted, scriptedHost } from './scripted-host.js';

export const RECHARGE = definitionSchema.parse(definition);
export const RETRY: RetryPolicy = { maxAttempts: 3, baseMs: 100, capMs: 1_000, budgetMs: 10_000 };
export const OK: Scripted = { body: '{"customer":{"id":1}}' };
export const RESET = new TransportError('maybe', 'ECONNRESET');

export type Verb = 'read' | 'safe write' | 'unsafe write';

interface Ran {
  readonly answer?: unknown;
  readonly error?: CustomerSyncError;
  readonly host: ReturnType<typeof scriptedHost>;
}

interface RunOptions {
  readonly retry?: RetryPolicy;
  readonly host?: Partial<Host> & { answerMs?: number };
  readonly provider?: ProviderDefinition;
}

export async function run(verb: Verb, script: readonly Scripted[], options: RunOptions = {}): Promise<Ran> {
  const host = scriptedHost(script, options.host);
  const client = createClient({ host, definition: options.provider ?? RECHARGE, retry: options.retry ?? RETRY });
  const body = { email: 'joe@example.test' };
  try {
    const answer =
      verb === 'read'
        ? await client.read('get', { params: { id: '1' } })
        : await client.write('create', { body, replaySafe: verb === 'safe write', idempotencyKey: 'key-1' });
    return { answer, host };
  } catch (error) {
    if (!isCustomerSyncError(error)) throw error;
    return { error, host };
  }
}
