import { Nango } from '@nangohq/node';
import { CustomerSyncError } from '../core/errors.js';
import { textHeaders } from '../core/http/text-headers.js';
import { isObject } from '../core/mapping/path.js';
import type { NangoAccess } from './nango-access.js';
import { howToAllowHttp, isSecureUrl } from './secure-url.js';

interface ClientOptions {
  /** Every answer as it came: text whatever its type, no status is an error. */
  readonly raw: boolean;
  /** Told the limit of requests a minute that Nango names in its answers. */
  readonly onLimit?: (requestsPerMinute: number) => void;
}

const maxAnswerBytes = 20_000_000;

/** Nango's own client, with the limits that it lacks. @throws CustomerSyncError `config` for a key or URL of no use. */
export function createNangoClient(
  { secretKey, nangoUrl, allowHttp = false, timeoutMs = 60_000 }: NangoAccess,
  { raw, onLimit = () => {} }: ClientOptions,
): Nango {
  checkKey(secretKey);
  if (nangoUrl !== undefined) checkUrl(nangoUrl, allowHttp);
  return new Nango(
    { apiKey: secretKey, ...(nangoUrl !== undefined && { host: nangoUrl }) },
    {
      interceptors: {
        request: (config) => {
          // axios' own timeout counts the time without a byte, so an answer that drips would never end.
          config.signal = AbortSignal.timeout(timeoutMs);
          // A redirect would carry the key to another host.
          config.maxRedirects = 0;
          config.maxContentLength = maxAnswerBytes;
          if (raw) {
            config.responseType = 'text';
            config.transformResponse = (body: unknown) => body;
            config.validateStatus = () => true;
          }
          return config;
        },
        response: {
          onFulfilled: (response) => {
            const limit = Number(textHeaders(response.headers)['x-ratelimit-limit']);
            if (limit > 0) onLimit(limit);
            return response;
          },
        },
      },
    },
  );
}

/** The word for why no answer came. */
export function failureCode(error: unknown): string {
  const code = isObject(error) ? error['code'] : undefined;
  if (code === 'ERR_CANCELED') return 'timeout';
  return typeof code === 'string' ? code : 'unknown';
}

/** After these Nango has certainly not read the request. */
export const neverReached: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

function checkKey(secretKey: string): void {
  if (/^[\x21-\x7e]+$/.test(secretKey)) return;
  throw new CustomerSyncError('config', {
    message: 'the secret key for Nango is empty or has spaces, line breaks or other characters that no key has',
    remedy: "Set NANGO_SECRET_KEY to the key of one environment, found in Nango's environment settings.",
  });
}

function checkUrl(nangoUrl: string, allowHttp: boolean): void {
  const url = URL.canParse(nangoUrl) ? new URL(nangoUrl) : undefined;
  const isPlain = url !== undefined && url.search === '' && url.hash === '' && url.username === '';
  if (isPlain && isSecureUrl(url, allowHttp)) return;
  throw new CustomerSyncError('config', {
    message: 'the address of Nango is not usable',
    remedy: `Set NANGO_HOST to an https URL such as https://api.nango.dev, without a query. ${howToAllowHttp}`,
  });
}
