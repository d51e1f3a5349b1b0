import { type Context, Hono } from 'hono';
import type { RecordedRequest } from '../server.js';
import { type Answer, corsHeaders, empty, json, problem, toResponse, unexpected } from './answer.js';
import { refuseKey } from './authenticate.js';
import type { RateLimit } from './rate-limit.js';
import { contentTypeOf, isDecodable, parseBody, parseQuery } from './request.js';
import type { Route } from './route.js';

export interface AppParts {
  readonly routes: readonly Route[];
  readonly secretKey: string;
  readonly limit: Pick<RateLimit, 'take'>;
  /** What has arrived so far, the request at hand included. */
  readonly requests: () => readonly RecordedRequest[];
}

const preflightHeaders = {
  'access-control-allow-methods': 'GET,HEAD,PUT,PATCH,POST,DELETE',
  'access-control-allow-headers':
    'Authorization,Content-Type,Accept,Origin,X-Requested-With,Nango-Activity-Log-Id,Nango-Is-Dry-Run,Nango-Is-Sync,Provider-Config-Key,Connection-Id,Sentry-Trace,Baggage',
  'access-control-max-age': '600',
  'content-length': '0',
};

/**
 * Nango's HTTP server. A request is read first, then its key is checked, then it counts against the limit, and only then
 * does its route see it; what is refused before the limit carries no rate headers.
 */
export function createApp({ routes, secretKey, limit, requests }: AppParts): Hono {
  const app = new Hono({ strict: false });
  const send = ({ req }: Context, answer: Answer, headers: Answer['headers'] = corsHeaders) =>
    toResponse(answer, req.raw, headers);

  app.get('/health', (context) => send(context, json(200, { result: 'ok' }), {}));
  app.options('*', (context) => send(context, empty(204, preflightHeaders)));
  for (const { method, paths, handle } of routes) {
    app.on(method, [...paths], async (context) => {
      const { raw } = context.req;
      const url = new URL(raw.url);
      const text = await context.req.text();
      const parsed = parseBody(contentTypeOf(raw, text, requests()), text);
      if (!parsed.ok) return send(context, problem(400, 'invalid_json', parsed.message), {});
      if (!isDecodable(url.pathname)) return send(context, unexpected());
      const refusal = refuseKey(raw.headers.get('authorization'), secretKey);
      if (refusal !== undefined) return send(context, refusal);

      const taken = limit.take(raw.headers.get('nango-is-script') === 'true' ? 'script' : 'api');
      const headers = { ...corsHeaders, ...taken.headers };
      if (!taken.allowed) {
        const error = { code: 'too_many_request', method: raw.method, path: url.pathname };
        return send(context, json(429, { error }), headers);
      }
      const answer = await handle({
        method: raw.method,
        url,
        headers: raw.headers,
        params: context.req.param(),
        query: parseQuery(url.searchParams),
        body: parsed.body,
      });
      return send(context, answer, headers);
    });
  }
  app.notFound((context) => send(context, unexpected()));
  return app;
}
