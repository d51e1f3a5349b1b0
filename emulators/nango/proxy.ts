import { Readable } from 'node:stream';
import axios, { type AxiosResponse } from 'axios';
import { z } from 'zod-nango-runtime';
import { type Answer, invalid, json, problem, unexpected } from './answer.js';
import type { Connection } from './connection-store.js';
import type { Integration } from './integration.js';
import { connectionHeaders } from './names.js';
import { toProviderRequest } from './provider-request.js';
import { answerFailure, answerSuccess, readAll } from './proxy-answer.js';
import { isDecodable, type NangoRequest } from './request.js';
import { withRetries } from './retries.js';
import type { NangoState } from './state.js';
import { refusals, refusedRedirect } from './transport.js';
import { UpstreamError } from './upstream-error.js';

const flagSchema = z.enum(['true', 'false']).optional();
const headersSchema = z.object({
  ...connectionHeaders,
  retries: z.coerce.number().optional().default(0),
  'base-url-override': z.url().or(z.literal('')).optional(),
  decompress: flagSchema,
  'retry-on': z
    .string()
    .regex(/^\d+(,\d+)*$/)
    .optional(),
  'forward-headers-on-redirect': flagSchema,
});

/**
 * `/proxy/*`: forwards a request to the provider of a connection, with its credentials. Not emulated: multipart bodies,
 * and `forward-headers-on-redirect: true`.
 */
export async function answerProxy(request: NangoRequest, state: NangoState): Promise<Answer> {
  const parsed = headersSchema.safeParse(Object.fromEntries(request.headers));
  if (!parsed.success) return invalid('invalid_headers', parsed.error);
  const { 'provider-config-key': key, 'connection-id': id, 'base-url-override': override, ...rules } = parsed.data;

  // The order of the checks is the recorded server's: a loopback override is refused before anything is looked up.
  const integration = state.integrations.get(key);
  if (override && state.transport.refusal(override) === refusals.loopback) {
    return problem(400, 'base_url_override_not_allowed', refusals.loopback);
  }
  if (integration === undefined) return unknownIntegration();
  const connection = state.connections.get(key, id);
  if (connection === undefined) return problem(400, 'server_error', 'Failed to get connection');
  if (!isDecodable(request.url.search)) return unexpected();

  const retryOn = rules['retry-on']?.split(',').map(Number);
  return forward({ request, state, integration, connection, override, retries: rules.retries, retryOn });
}

interface Forwarding {
  readonly request: NangoRequest;
  readonly state: NangoState;
  readonly integration: Integration;
  readonly connection: Connection;
  readonly override: string | undefined;
  readonly retries: number;
  readonly retryOn: readonly number[] | undefined;
}

async function forward({
  request,
  state,
  integration,
  connection,
  override,
  retries,
  retryOn,
}: Forwarding): Promise<Answer> {
  const { transport, sleep } = state;
  const { pathname, search } = request.url;
  const target = toProviderRequest(
    {
      method: request.method,
      endpoint: `${pathname.replace(/^\/proxy\/?/, '/')}${search}`,
      headers: forwardedHeaders(request.headers),
      data: request.body,
      baseUrlOverride: override,
    },
    integration,
    connection.apiKey,
  );
  const refusal = transport.refusal(target.url, integration.baseUrl);
  if (refusal !== undefined) return problem(400, 'base_url_override_not_allowed', refusal);

  const beforeRedirect = (options: object) => transport.checkRedirect(options, integration.baseUrl);
  const call = () => send(transport.http.request({ ...target, responseType: 'stream', beforeRedirect }));
  try {
    const { status, headers, data } = await withRetries(call, { retries, retryOn }, sleep);
    return await answerSuccess(status, headers, data);
  } catch (error) {
    return answerError(error);
  }
}

interface StreamedAnswer {
  readonly status: number;
  readonly headers: Answer['headers'];
  readonly data: Readable;
}

/** A failure's body is read at once, so that a retry leaves no connection open. */
async function send(response: Promise<AxiosResponse>): Promise<StreamedAnswer> {
  try {
    return toStreamed(await response);
  } catch (error) {
    if (!axios.isAxiosError(error) || error.response === undefined) throw error;
    const { data, ...answer } = toStreamed(error.response);
    throw new UpstreamError({ ...answer, body: await readAll(data) });
  }
}

const headerValues = z.record(z.string(), z.union([z.string(), z.array(z.string())]));

function toStreamed({ status, headers, data }: AxiosResponse<unknown>): StreamedAnswer {
  if (!(data instanceof Readable)) throw new Error('the transport gave no stream');
  return { status, headers: headerValues.parse({ ...headers }), data };
}

function answerError(error: unknown): Answer {
  if (error instanceof UpstreamError) return answerFailure(error);
  const refused = refusedRedirect(error);
  if (refused !== undefined) return problem(400, 'base_url_override_not_allowed', refused.message);
  if (!axios.isAxiosError(error)) return unexpected();
  return json(500, { message: error.message, code: error.code, method: error.config?.method });
}

function forwardedHeaders(headers: Headers): Record<string, string> {
  const prefix = 'nango-proxy-';
  return Object.fromEntries(
    [...headers].filter(([name]) => name.startsWith(prefix)).map(([name, value]) => [name.slice(prefix.length), value]),
  );
}

function unknownIntegration(): Answer {
  return problem(
    404,
    'unknown_provider_config',
    'Provider config not found for the given provider config key. Please make sure the provider config exists in the Nango dashboard.',
  );
}
