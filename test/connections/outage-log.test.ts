import { afterEach, expect, it } from 'vitest';
import { startEmulator } from '../../emulators/lago.js';
import type { ConnectionSettings } from '../../schemas/connection.js';
import { openConnections } from '../../src/connections/open-connections.js';
import type { HttpRequest } from '../../src/core/http/host.js';
import { runner } from './nango-stage.js';

const GET: HttpRequest = { operation: 'list', method: 'GET', path: '/customers', headers: {} };
const told: string[] = [];

afterEach(() => {
  told.length = 0;
});

it('says that a provider which had answered is away, once', async () => {
  const emulator = await startEmulator({ rateLimits: false });
  const settings: ConnectionSettings = {
    provider: 'lago',
    base_url: emulator.url,
    credentials: { api_key: emulator.apiKey },
    rate_share: 1,
  };
  const tell = (message: string) => told.push(message);
  const [opened] = await openConnections(new Map([['eu', settings]]), { runner, env: {}, offline: false, tell });
  const send = () => opened?.connection.writer.host.send(GET);
  await send();
  emulator.faults.add({ kind: 'respond', status: 503 }, { times: 10 });
  await Promise.all(Array.from({ length: 10 }, send));
  await emulator.close();
  expect(told).toEqual(['eu: 10 requests in a row without an answer of use; waiting, next try in 5 s']);
});
