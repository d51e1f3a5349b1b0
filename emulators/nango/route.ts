import type { Answer } from './answer.js';
import type { NangoRequest } from './request.js';

/** One path of Nango's API that needs the secret key and counts against the limit. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'ALL';
  /** In Hono's notation; several where Nango keeps an old name. */
  readonly paths: readonly string[];
  handle(request: NangoRequest): Answer | Promise<Answer>;
}
