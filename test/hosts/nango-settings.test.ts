import { describe, expect, it } from 'vitest';
import { nangoAccess } from '../../src/hosts/nango-settings.js';

describe('how Nango is reached', () => {
  it.each<[string, Parameters<typeof nangoAccess>, ReturnType<typeof nangoAccess>]>([
    [
      'is what the settings say',
      [
        { host: 'https://nango.example', secret_key: 'own', allow_http: true },
        { NANGO_HOST: 'https://other.example', NANGO_SECRET_KEY: 'other' },
      ],
      { nangoUrl: 'https://nango.example', secretKey: 'own', allowHttp: true },
    ],
    [
      'is else what the environment says',
      [undefined, { NANGO_HOST: 'https://other.example', NANGO_SECRET_KEY: 'other', CUSTOMER_SYNC_ALLOW_HTTP: '1' }],
      { nangoUrl: 'https://other.example', secretKey: 'other', allowHttp: true },
    ],
    [
      'is the cloud where neither names a host',
      [{}, { NANGO_SECRET_KEY: 'other' }],
      { nangoUrl: 'https://api.nango.dev', secretKey: 'other', allowHttp: false },
    ],
    [
      'is the cloud where the variable for the host is empty',
      [{}, { NANGO_HOST: '', NANGO_SECRET_KEY: 'other' }],
      { nangoUrl: 'https://api.nango.dev', secretKey: 'other', allowHttp: false },
    ],
    [
      'lacks a key where there is none',
      [undefined, {}],
      { nangoUrl: 'https://api.nango.dev', secretKey: '', allowHttp: false },
    ],
  ])('%s', (_, given, access) => {
    expect(nangoAccess(...given)).toEqual(access);
  });
});
