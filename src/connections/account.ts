import { createHash } from 'node:crypto';
import type { ProviderDefinition } from '../../schemas/definition.js';
import { isOwnMachine } from '../hosts/secure-url.js';

/** The words by which a person recognises the account that a connection writes to. */
export interface Account {
  /** The provider's, or that of the Nango that leads there. */
  readonly baseUrl: string;
  /** First digits of the key's hash: tells two keys apart, and nothing else about them. */
  readonly key: string;
  readonly environment:
    | 'live'
    | 'sandbox'
    | 'this machine'
    | 'live or test: the key does not say'
    | 'live or test: Nango has the key';
  /** Which of Nango's connections. Absent: Nango is not on the way. */
  readonly nango?: {
    readonly via: 'nango-proxy' | 'nango-action';
    readonly integration: string;
    readonly connectionId: string;
  };
}

/** An account on one line. */
export function accountText(account: Account): string {
  return `${placeText(account)} (${account.environment}), key ${account.key}`;
}

/** Where an account is, without what tells its key. */
export function placeText({ baseUrl, nango }: Account): string {
  if (nango === undefined) return baseUrl;
  return `${baseUrl} ${nango.via}: integration ${nango.integration}, connection ${nango.connectionId}`;
}

export function keyDigits(key: string): string {
  return key === '' ? 'none' : createHash('sha256').update(key).digest('hex').slice(0, 8);
}

export function environmentOf(
  { environment }: ProviderDefinition,
  baseUrl: string,
  apiKey: string,
): Account['environment'] {
  if (isOwnMachine(baseUrl)) return 'this machine';
  const { sandbox_key_prefix: sandbox = [], live_key_prefix: live = [] } = environment;
  if ([sandbox].flat().some((prefix) => apiKey.startsWith(prefix))) return 'sandbox';
  if ([live].flat().some((prefix) => apiKey.startsWith(prefix))) return 'live';
  return 'live or test: the key does not say';
}
