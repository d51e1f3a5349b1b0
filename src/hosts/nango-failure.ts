import { CustomerSyncError } from '../core/errors.js';
import { TransportError } from '../core/http/host.js';
import { textHeaders } from '../core/http/text-headers.js';
import { isObject } from '../core/mapping/path.js';
import { readActionFailure } from './nango-action-failure.js';
import { failureCode, neverReached } from './nango-client.js';
import { type NangoPlace, nangoRefusal, notNango } from './nango-refusal.js';

/** Nango knows nothing under this path: an action, an integration, or the result of an action that still runs. */
export class NotFound extends Error {
  override readonly name = 'NotFound';
}

/** What Nango's client throws, as one of our errors. Its own holds the key and the customers, and is not kept. */
export function readFailure(error: unknown, place: NangoPlace): Error {
  const response = isObject(error) ? error['response'] : undefined;
  if (!isObject(response) || typeof response['status'] !== 'number') {
    const reason = failureCode(error);
    return new TransportError(neverReached.has(reason) ? 'no' : 'maybe', reason);
  }
  const { status } = response;
  const headers = isObject(response['headers']) ? textHeaders(response['headers']) : {};
  const body = isObject(response['data']) ? response['data']['error'] : undefined;
  const code = isObject(body) && typeof body['code'] === 'string' ? body['code'] : '';
  if (status === 404 && code === 'not_found') return new NotFound('not found');
  return (
    nangoRefusal({ status, code, headers }, place) ??
    readActionFailure(status, body, place) ??
    (isRefusal(status) ? refused(status, code, place) : undefined) ??
    // Gateways in front of Nango answer with pages.
    new TransportError('maybe', `Nango answered ${status}`)
  );
}

/** Those that may pass when they are repeated are left out. */
function isRefusal(status: number): boolean {
  return status >= 400 && status < 500 && ![408, 425, 429].includes(status);
}

function refused(status: number, code: string, { provider }: NangoPlace): CustomerSyncError {
  if (status === 413) return tooLarge(provider);
  // All that Nango itself refuses has a code.
  if (code === '') return notNango({ provider });
  return new CustomerSyncError('config', {
    message: `Nango refuses the request (${status} ${code})`,
    remedy: 'Check the integration and the connection id, and what the key of the environment may do.',
    provider,
  });
}

function tooLarge(provider: string): CustomerSyncError {
  return new CustomerSyncError('config', {
    message: 'a server in front of Nango refuses a request for its size (413)',
    remedy: 'Let it take bodies of 10 MB, as Nango does, or shorten the metadata of the customers.',
    provider,
  });
}
