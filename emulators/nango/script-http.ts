import type { AxiosResponse } from 'axios';
import { z } from 'zod';
import { type ProviderCall, toProviderRequest } from './provider-request.js';
import { withRetries } from './retries.js';
import type { NangoState } from './state.js';

/** What the recorded runner sends; a script cannot replace it. */
const scriptUserAgent = `nango-node-client/0.71.4 (${process.platform}; node.js/${process.versions.node})`;

/** The arguments of `nango.proxy` and of `nango.get` and its like, as far as the emulator acts on them. */
export interface ScriptCall extends Omit<ProviderCall, 'method'> {
  readonly method?: string;
  readonly retries?: number;
  readonly retryOn?: readonly number[] | null;
  readonly providerConfigKey?: string;
  readonly connectionId?: string;
}

export interface ScriptHttp {
  proxy(call: ScriptCall): Promise<AxiosResponse>;
  get(call: ScriptCall): Promise<AxiosResponse>;
  post(call: ScriptCall): Promise<AxiosResponse>;
  put(call: ScriptCall): Promise<AxiosResponse>;
  patch(call: ScriptCall): Promise<AxiosResponse>;
  delete(call: ScriptCall): Promise<AxiosResponse>;
}

export interface ScriptConnection {
  readonly providerConfigKey: string;
  readonly connectionId: string;
}

// Scripts are not type-checked at run time, and a call comes from another realm.
const methodSchema = z.string().default('GET');

/**
 * Requests of a script: straight to the provider, so that its own status and all its headers are seen, other than
 * through the proxy. An answer of 400 and above is thrown as axios throws it.
 */
export function createScriptHttp(state: NangoState, own: ScriptConnection): ScriptHttp {
  const proxy = (call: ScriptCall) => {
    const providerConfigKey = call.providerConfigKey || own.providerConfigKey;
    const connectionId = call.connectionId || own.connectionId;
    const method = methodSchema.parse(call.method).toUpperCase();
    const headers = { ...call.headers, 'user-agent': scriptUserAgent };

    const send = () => {
      const integration = state.integrations.get(providerConfigKey);
      const connection = state.connections.get(providerConfigKey, connectionId);
      if (integration === undefined || connection === undefined) {
        throw new Error(
          `Connection not found using the provider config key ${providerConfigKey} and connection id ${connectionId}`,
        );
      }
      const request = toProviderRequest({ ...call, method, headers }, integration, connection.apiKey);
      const { http, refusal, checkRedirect } = state.transport;
      const reason = refusal(request.url, integration.baseUrl);
      if (reason !== undefined) throw new Error(reason);
      return http.request({
        ...request,
        beforeRedirect: (options: object) => checkRedirect(options, integration.baseUrl),
      });
    };
    return withRetries(async () => send(), { retries: call.retries ?? 0, retryOn: call.retryOn ?? [] }, state.sleep);
  };

  return {
    proxy,
    get: (call) => proxy({ ...call, method: 'GET' }),
    post: (call) => proxy({ ...call, method: 'POST' }),
    put: (call) => proxy({ ...call, method: 'PUT' }),
    patch: (call) => proxy({ ...call, method: 'PATCH' }),
    delete: (call) => proxy({ ...call, method: 'DELETE' }),
  };
}
