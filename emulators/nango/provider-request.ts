import { apiKeyPlaceholder, type Integration } from './integration.js';

/** One request to a provider as a caller of the proxy or a script words it. */
export interface ProviderCall {
  readonly method: string;
  /** Path and query below the base URL, or a whole URL that starts with it. */
  readonly endpoint: string;
  readonly params?: string | Readonly<Record<string, unknown>> | undefined;
  readonly headers?: Readonly<Record<string, unknown>> | undefined;
  readonly data?: unknown;
  readonly baseUrlOverride?: string | undefined;
}

export interface ProviderRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly data?: unknown;
}

const methodsWithBody: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** @throws TypeError when base URL and endpoint make no URL; Error when both endpoint and params have a query. */
export function toProviderRequest(call: ProviderCall, integration: Integration, apiKey: string): ProviderRequest {
  const { name, valueTemplate } = integration.header;
  const own = Object.entries(call.headers ?? {}).map(([key, value]) => [key.toLowerCase(), String(value)]);
  return {
    method: call.method,
    url: toUrl(call, integration),
    // The caller's headers come last: one of the credential's name replaces the credential.
    headers: {
      [name.toLowerCase()]: valueTemplate.replaceAll(apiKeyPlaceholder, () => apiKey),
      ...Object.fromEntries(own),
    },
    ...(methodsWithBody.has(call.method) && call.data !== undefined && { data: call.data }),
  };
}

function toUrl({ endpoint, params, baseUrlOverride }: ProviderCall, integration: Integration): string {
  const base = (baseUrlOverride || integration.baseUrl).replace(/\/$/, '');
  const path = withoutBase(endpoint.replace(/^\/+/, ''), base);
  const joined = path === '' ? base : `${base}/${path}`;
  if (params === undefined) return new URL(joined).href;
  if (typeof params === 'string') {
    if (joined.includes('?')) throw new Error('Can not set query params in endpoint and in params');
    return new URL(`${joined}${params.startsWith('?') ? '' : '?'}${params}`).href;
  }
  const url = new URL(joined);
  for (const [key, value] of Object.entries(params)) url.searchParams.set(key, String(value));
  return url.href;
}

function withoutBase(path: string, base: string): string {
  if (!path.startsWith(base)) return path;
  const rest = path.slice(base.length);
  return /^($|[/?#])/.test(rest) ? rest.replace(/^\/+/, '') : path;
}
