import { CustomerSyncError } from '../core/errors.js';
import { TransportError } from '../core/http/host.js';

export interface NangoPlace {
  /** The provider's id. */
  readonly provider: string;
  readonly integration: string;
  readonly connectionId: string;
}

interface NangoError {
  readonly status: number;
  /** Nango's `error.code`. */
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * What one of Nango's own errors means, told from a provider's by status and code together; `undefined` for any other.
 * A `TransportError` may pass when it is tried again.
 */
export function nangoRefusal(
  { status, code, headers }: NangoError,
  place: NangoPlace,
): CustomerSyncError | TransportError | undefined {
  switch (`${status} ${code}`) {
    case '429 too_many_request':
      return new TransportError('no', "Nango's own rate limit", waitOf(headers));
    case '401 missing_auth_header':
    case '401 invalid_secret_key_format':
    case '401 unknown_account':
      return refusal('auth', place, {
        message: 'Nango does not accept the secret key',
        remedy: "Check NANGO_SECRET_KEY: it is the key of one environment, found in Nango's environment settings.",
      });
    case '404 unknown_provider_config':
    case '400 unknown_provider_config':
      return noIntegration(place);
    case '400 server_error':
    case '400 unknown_connection':
      return noConnection(place);
    case '500 generic_error_support':
      return new TransportError('maybe', 'an error inside Nango');
    default:
      return undefined;
  }
}

export function noIntegration(place: NangoPlace): CustomerSyncError {
  return refusal('config', place, {
    message: `Nango has no integration "${place.integration}"`,
    remedy: 'Create the integration in Nango, or correct its name.',
  });
}

export function noConnection(place: NangoPlace): CustomerSyncError {
  return refusal('config', place, {
    message: `Nango has no connection "${place.connectionId}" for the integration "${place.integration}"`,
    remedy: 'Create the connection in Nango, or correct its id.',
  });
}

/** A dashboard, a gateway, or something else altogether. */
export function notNango({ provider }: Pick<NangoPlace, 'provider'>): CustomerSyncError {
  return new CustomerSyncError('config', {
    message: 'what answers at the address of Nango is not Nango',
    remedy: 'Set NANGO_HOST to the address of its API, such as https://api.nango.dev, not to its dashboard.',
    provider,
  });
}

function refusal(
  code: 'auth' | 'config',
  { provider }: NangoPlace,
  texts: { message: string; remedy: string },
): CustomerSyncError {
  return new CustomerSyncError(code, { ...texts, provider });
}

/** Nango rounds the seconds down, so one more is waited. */
function waitOf(headers: Readonly<Record<string, string>>): number {
  const seconds = Number(headers['retry-after']);
  return Number.isFinite(seconds) && seconds <= 3_600 ? (seconds + 1) * 1_000 : 60_000;
}
