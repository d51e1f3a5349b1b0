import type { NangoAccessSettings } from '../../schemas/connection.js';
import { normalBaseUrl } from '../core/http/base-url.js';
import type { NangoAccess } from './nango-access.js';
import { allowsHttp } from './secure-url.js';

const cloud = 'https://api.nango.dev';

/** How the settings of a connection or of a source reach Nango, else the environment. Without a key it is `''`. */
export function nangoAccess(
  settings: NangoAccessSettings | undefined,
  env: Readonly<Record<string, string | undefined>>,
): NangoAccess & { readonly nangoUrl: string } {
  return {
    secretKey: settings?.secret_key ?? env['NANGO_SECRET_KEY'] ?? '',
    // What is set but empty, as in a file of variables that somebody left blank, is not set.
    nangoUrl: normalBaseUrl(settings?.host ?? (env['NANGO_HOST'] || cloud)),
    allowHttp: allowsHttp(settings?.allow_http, env),
  };
}
