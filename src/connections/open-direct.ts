import type { DirectConnectionSettings } from '../../schemas/connection.js';
import type { ProviderDefinition } from '../../schemas/definition.js';
import { CustomerSyncError } from '../core/errors.js';
import { baseUrlOf, normalBaseUrl } from '../core/http/base-url.js';
import { createLocalHost } from '../hosts/local-host.js';
import { mutedHost } from '../hosts/muted-host.js';
import { allowsHttp, httpNotes, isOwnMachine } from '../hosts/secure-url.js';
import { accountText, environmentOf, keyDigits } from './account.js';
import type { OpenedConnection, OpenOptions } from './open-connections.js';
import { outageLog } from './outage-log.js';
import { readOverlays } from './overlay-files.js';

/** A connection straight to the provider, with the key and URL of its settings or of the environment. */
export function openDirect(
  name: string,
  settings: DirectConnectionSettings,
  { runner, env, offline, directory = '.', tell }: OpenOptions,
): OpenedConnection {
  const { provider, base_url: givenUrl, credentials, overlay, fields, rate_share: rateShare } = settings;
  const { definition } = runner.provider(provider);
  const baseUrl = baseUrlOf(definition, givenUrl ?? env[definition.api.base_url_env]);
  const apiKey = credentials?.api_key ?? env[definition.auth.env] ?? '';
  if (!offline && apiKey === '') throw missingKey(definition);
  const environment = environmentOf(definition, baseUrl, apiKey);
  const account = { baseUrl: normalBaseUrl(baseUrl), key: keyDigits(apiKey), environment };
  const connection = runner.connect({
    to: provider,
    name,
    account: accountText(account),
    host: offline
      ? mutedHost('an offline run')
      : createLocalHost({
          definition,
          baseUrl,
          allowHttp: allowsHttp(settings.allow_http, env),
          apiKey,
          log: outageLog(name, tell),
        }),
    overlays: readOverlays(overlay, directory),
    fields,
    // A stand-in on this machine has no rate that others share.
    rateShare: rateShare ?? (isOwnMachine(baseUrl) ? 'unpaced' : undefined),
  });
  return { connection, definition, account, notes: httpNotes(baseUrl) };
}

function missingKey({ name, auth }: ProviderDefinition): CustomerSyncError {
  return new CustomerSyncError('config', {
    message: `there is no key for ${name}: ${auth.env} is not set`,
    remedy: `Set ${auth.env}, or look at the payloads without a key: dry-run --offline.${auth.where === undefined ? '' : ` ${auth.where}`}`,
  });
}
