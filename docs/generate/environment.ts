import type { Provider } from '../../src/core/connector.js';
import { keyVariable } from '../../src/ledger/ledger-key.js';

export interface EnvironmentVariable {
  readonly name: string;
  readonly what: string;
}

/** Every variable that the program reads by its name; a test looks for others in the code. */
export function environmentVariables(providers: readonly Provider[]): EnvironmentVariable[] {
  return [
    ...providers.flatMap(({ definition: { name, api, auth } }) => [
      { name: auth.env, what: `the key of the ${name} account, where a connection names no other` },
      { name: api.base_url_env, what: `where ${name} is reached, instead of ${urlsOf(api)}` },
    ]),
    { name: 'NANGO_SECRET_KEY', what: 'the key of the Nango environment, for connections and sources through Nango' },
    { name: 'NANGO_HOST', what: 'where Nango is reached, instead of its cloud' },
    {
      name: 'CUSTOMER_SYNC_ALLOW_HTTP',
      what: '`1` accepts plain http within your own network, as `allow_http: true` of a connection does',
    },
    {
      name: keyVariable,
      what: 'the key of the ledger (32 characters or more), instead of a file made once beside it',
    },
    { name: 'NO_COLOR', what: 'set to anything: no colour on a terminal either' },
    { name: 'CI', what: 'set to anything: progress is not redrawn in place' },
    { name: 'TERM', what: '"dumb": progress is not redrawn in place' },
  ];
}

function urlsOf({ base_url: url, other_base_urls: others = {} }: Provider['definition']['api']): string {
  const names = Object.keys(others);
  return names.length === 0 ? url : `${url} (a URL, or ${names.join(', ')})`;
}
