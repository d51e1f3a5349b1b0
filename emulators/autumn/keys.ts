import { ApiError } from './errors.js';

export type Environment = 'sandbox' | 'live';
export type Scope = 'customers:read' | 'customers:write' | 'plans:read';

/** The keys of the emulated organisation. */
export interface AutumnKeys {
  readonly sandbox: string;
  readonly live: string;
  /** Sandbox keys with one scope each. */
  readonly read: string;
  readonly write: string;
  readonly plansRead: string;
  /** May only read one customer, by `GET /v1/customers/:id`. */
  readonly publishable: string;
}

/** What a key opens. No scopes at all means that nothing is checked, as for the server's full keys. */
export interface Access {
  readonly environment: Environment;
  readonly scopes: readonly Scope[];
}

interface Caller {
  readonly authorization: string | undefined;
  readonly method: string;
  readonly path: string;
}

export type Authenticate = (caller: Caller) => Access;

export function createKeys(sandbox: string): AutumnKeys {
  return {
    sandbox,
    live: 'am_sk_live_emulator',
    read: 'am_sk_test_emulator_read',
    write: 'am_sk_test_emulator_write',
    plansRead: 'am_sk_test_emulator_plans_read',
    publishable: 'am_pk_test_emulator',
  };
}

export function createAuthentication(keys: AutumnKeys): Authenticate {
  const access = new Map<string, Access>([
    [keys.sandbox, { environment: 'sandbox', scopes: [] }],
    [keys.live, { environment: 'live', scopes: [] }],
    [keys.read, { environment: 'sandbox', scopes: ['customers:read'] }],
    [keys.write, { environment: 'sandbox', scopes: ['customers:write'] }],
    [keys.plansRead, { environment: 'sandbox', scopes: ['plans:read'] }],
  ]);

  return (caller) => {
    const token = bearerToken(caller.authorization);
    if (token === undefined) {
      throw new ApiError(401, 'no_secret_key', 'Secret key not found in Authorization header');
    }
    if (token.startsWith('am_pk')) return publicAccess(token, keys, caller);
    const found = access.get(token);
    if (found !== undefined) return found;
    if (!token.startsWith('am_sk')) throw new ApiError(401, 'invalid_request', 'Invalid authorization token prefix');
    throw new ApiError(401, 'invalid_secret_key', `Invalid secret key: ${mask(token)}`);
  };
}

/** Scopes that must all be there, or of which one suffices. Writing includes reading. */
export type ScopeRule = { readonly all: readonly Scope[] } | { readonly any: readonly Scope[] };

export function checkScopes(granted: readonly Scope[], rule: ScopeRule): void {
  if (granted.length === 0) return;
  const holds = (scope: Scope) =>
    granted.includes(scope) || (scope === 'customers:read' && granted.includes('customers:write'));
  const missing = 'all' in rule ? rule.all.filter((scope) => !holds(scope)) : rule.any.some(holds) ? [] : rule.any;
  if (missing.length > 0) {
    throw new ApiError(403, 'insufficient_scopes', `Insufficient scopes. Missing: ${missing.join(', ')}`);
  }
}

/** The server compares the word `Bearer` with its capital letter. */
function bearerToken(authorization: string | undefined): string | undefined {
  if (!authorization?.startsWith('Bearer ')) return undefined;
  return authorization.slice('Bearer '.length).trim() || undefined;
}

/** The endpoint is looked at before the key, so a wrong publishable key gets the same answer on a closed endpoint. */
function publicAccess(token: string, keys: AutumnKeys, { method, path }: Caller): Access {
  if (method !== 'GET' || !/^\/v1\/customers\/[^/]+$/.test(path)) {
    const message = `Endpoint ${path} not accessible via publishable key. Please try with a secret key instead.`;
    throw new ApiError(401, 'endpoint_not_public', message);
  }
  if (token !== keys.publishable) {
    // Inferred from the server's code; no recording has it.
    throw new ApiError(401, 'invalid_publishable_key', 'Invalid publishable key');
  }
  return { environment: 'sandbox', scopes: [] };
}

function mask(token: string): string {
  return token.slice(0, 15) + '*'.repeat(Math.max(0, token.length - 15));
}
