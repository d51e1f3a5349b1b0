import { expect, it } from 'vitest';
import { startEmulator } from '../../../emulators/lago.js';
import { lago } from '../../../integrations/lago/connector.js';
import { inTime } from '../../../src/cli/doctor/check.js';
import { checkConnection, type Findings } from '../../../src/cli/doctor/check-connection.js';
import { explainTransport } from '../../../src/cli/doctor/transport-faults.js';
import { openConnections } from '../../../src/connections/open-connections.js';
import type { Provider } from '../../../src/core/connector.js';
import { createRunner } from '../../../src/runner/runner.js';

async function check(
  provider: Provider,
  prepare: (emulator: Awaited<ReturnType<typeof startEmulator>>) => void,
  limitMs = 5_000,
) {
  const emulator = await startEmulator({ rateLimits: false });
  prepare(emulator);
  const findings: Findings = { clockOffsets: [], opened: [] };
  const env = { LAGO_BASE_URL: emulator.url, LAGO_API_KEY: emulator.apiKey };
  const runner = createRunner({ providers: [provider] });
  const found = checkConnection(
    {
      name: 'lago',
      keyFrom: undefined,
      settings: () => ({ provider: 'lago', via: 'direct' }),
      open: (settings) => openConnections(new Map([['lago', settings]]), { runner, env, offline: false }),
    },
    findings,
  );
  const timed = await inTime({ about: 'connection', name: 'lago' }, found, limitMs);
  const requests = emulator.requests.map(({ method, target }) => `${method} ${target}`);
  await emulator.close();
  return { ...timed, requests };
}

it('a connector that writes when it is asked to list is refused before anything is sent', async () => {
  const writing: Provider = {
    ...lago,
    connector: {
      ...lago.connector,
      async list(client) {
        await client.write('create', { body: { customer: { external_id: 'x' } }, replaySafe: true });
        return { records: [] };
      },
    },
  };
  const { checks, requests } = await check(writing, () => {});
  expect(checks).toMatchObject([{ status: 'fail', message: expect.stringMatching(/not declared as a read/) }]);
  expect(requests).toEqual([]);
});

it('a provider that does not answer in time is given up', async () => {
  const { checks, isGivenUp } = await check(lago, ({ faults }) => faults.add({ kind: 'hang' }, { times: 9 }), 50);
  expect(checks).toMatchObject([{ status: 'fail', message: 'no answer within 0.05 s' }]);
  expect(isGivenUp).toBe(true);
});

it('one that answers is not given up', async () => {
  const { checks, isGivenUp } = await check(lago, () => {});
  expect(checks).toMatchObject([{ status: 'ok' }]);
  expect(isGivenUp).toBe(false);
});

it.each([
  ['CERT_HAS_EXPIRED', /expired/, /renew/],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', /trusts/, /NODE_EXTRA_CA_CERTS/],
  ['ERR_TLS_CERT_ALTNAME_INVALID', /another host/, /base URL/],
  ['CERT_NOT_YET_VALID', /not valid yet/, /clock/],
  ['ERR_SSL_SOMETHING_NEW', /ERR_SSL_SOMETHING_NEW/, /https/],
  ['ENOTFOUND', /not known/, /base URL/],
])('%s is explained', (reason, what, remedy) => {
  const [said, todo] = explainTransport(reason) ?? [];
  expect(said).toMatch(what);
  expect(todo).toMatch(remedy);
});

it('a reason that nobody has seen is left to the words of the client', () => {
  expect(explainTransport('ESOMETHING')).toBeUndefined();
});
