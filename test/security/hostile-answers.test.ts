import { describe, expect, it } from 'vitest';
import { builtInProviders } from '../../integrations/registry.js';
import type { ProviderDefinition } from '../../schemas/definition.js';
import { isCustomerSyncError } from '../../src/core/errors.js';
import { createClient } from '../../src/core/http/client.js';
import { createLocalHost } from '../../src/hosts/local-host.js';
import { accept, serve } from '../hosts/loopback.js';
import { expectNoSecret, SECRET } from '../hosts/no-secret.js';

// What a provider, or whoever has taken its place, can do by answering. All of it over real sockets.

const definitions = builtInProviders.map(({ definition }) => definition);
const [someDefinition] = definitions;
const email = 'joe@example.test';
const name = 'Joe Bloggs';

/** Sends one write that holds a person's values, and answers the error that comes of it and how long it took. */
async function failureOf(definition: ProviderDefinition, baseUrl: string) {
  const once = { maxAttempts: 1, baseMs: 1, capMs: 1, budgetMs: 1 };
  const host = createLocalHost({ definition, baseUrl, apiKey: SECRET });
  const client = createClient({ host, definition, retry: once });
  const startedAt = performance.now();
  const error: unknown = await client
    .write('create', { body: { email, name }, replaySafe: false })
    .then(() => undefined)
    .catch((thrown: unknown) => thrown);
  if (!isCustomerSyncError(error)) throw new Error(`no error of ours: ${String(error)}`);
  return { error, seconds: (performance.now() - startedAt) / 1000 };
}

/** Under each path that the definition reads, the same value: whatever it looks for, it finds this. */
function bodyWith(paths: readonly string[], value: unknown): object {
  const body: Record<string, unknown> = {};
  for (const path of paths) {
    const keys = path.split('.');
    const last = keys.pop() ?? '';
    let place = body;
    for (const key of keys) {
      const inner: Record<string, unknown> = {};
      place[key] = inner;
      place = inner;
    }
    place[last] = value;
  }
  return body;
}

describe.each(definitions.map((definition) => [definition.id, definition] as const))('%s', (_, definition) => {
  it.each([
    ['letters without an end', 'a'.repeat(9_000_000)],
    ['addresses without an end', 'a@'.repeat(4_000_000)],
    ['digits and blanks without an end', '1 '.repeat(4_000_000)],
  ])('a message of %s costs no time', async (_what, text) => {
    const { url } = await serve((response) => {
      response.writeHead(422).end(JSON.stringify(bodyWith(definition.errors.message, text)));
    });
    const { error, seconds } = await failureOf(definition, url);
    expect(error.message.length).toBeLessThan(400);
    expect(seconds).toBeLessThan(5);
  });

  it('field errors without an end come down to a hundred', async () => {
    const fields = Object.fromEntries(Array.from({ length: 300_000 }, (_value, index) => [`f${index}`, ['is bad']]));
    const body = { ...bodyWith(definition.errors.fields, fields), message: 'a: b; '.repeat(100_000) };
    const { url } = await serve((response) => {
      response.writeHead(422).end(JSON.stringify(body));
    });
    const { error, seconds } = await failureOf(definition, url);
    expect(error.details.fields?.length ?? 0).toBeLessThanOrEqual(100);
    expect(seconds).toBeLessThan(5);
  });

  it('a hundred fields with long words cost no time', async () => {
    const fields = Object.fromEntries(Array.from({ length: 100 }, (_value, index) => [`f${index}`, 'a'.repeat(9_999)]));
    const { url } = await serve((response) => {
      response.writeHead(422).end(JSON.stringify(bodyWith(definition.errors.fields, fields)));
    });
    expect((await failureOf(definition, url)).seconds).toBeLessThan(5);
  });

  it('codes, fields and messages that repeat the customer are not passed on', async () => {
    const { code, message, fields } = definition.errors;
    const repeated = { [email]: [`${name} is taken`], [name]: { [email]: 'again' } };
    for (const [status, body] of [
      [422, bodyWith(code, `taken_by_${email}`)],
      [409, bodyWith(code, name)],
      [400, bodyWith(message, `${name} <${email}> is bad, key ${SECRET} is not`)],
      [422, bodyWith(fields, repeated)],
      [500, `${name} ${email}`],
    ] as const) {
      const { url } = await serve((response) => {
        response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
      });
      const { error } = await failureOf(definition, url);
      const shown = JSON.stringify([error.message, error.details, error.toFailure()]);
      expect(shown).not.toContain('joe@');
      expect(shown).not.toContain(SECRET);
      expect(shown).not.toContain('Bloggs');
    }
  });
});

describe('an answer', () => {
  const definition = someDefinition as ProviderDefinition;

  it.each([
    ['arrays', '['.repeat(4_000_000) + ']'.repeat(4_000_000)],
    ['objects', `${'{"a":'.repeat(1_000_000)}1${'}'.repeat(1_000_000)}`],
    ['arrays that nobody closes', '['.repeat(9_000_000)],
  ])('of %s within one another is not parsed', async (_what, body) => {
    const { url } = await serve((response) => response.writeHead(200).end(body));
    const before = process.memoryUsage().heapUsed;
    const { error } = await failureOf(definition, url);
    expect(error.code).toBe('uncertain');
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(100_000_000);
  });

  it('that is an error nested without an end is told by its status', async () => {
    const { url } = await serve((response) => response.writeHead(422).end(`{"errors":${'['.repeat(100_000)}`));
    expect((await failureOf(definition, url)).error).toMatchObject({ code: 'rejected', details: { status: 422 } });
  });

  it.each([
    '{"customer":{"id":1,"first_name":"J"Joe","email":"joe.example.test","last_name":"Bloggs-Other"}}',
    '["Joe", "Bloggs-Other"',
    '  "Joe Bloggs-Other',
    'c"{ustomer":{"id":1,"last_name":"Bloggs-Other"}}',
    'ail":"joe.example.test","last_name":"Bloggs-Other"',
  ])('that is a damaged record is not taken for a message: %s', async (body) => {
    const { url } = await serve((response) => response.writeHead(422).end(body));
    const { error } = await failureOf(definition, url);
    expect(error.message).toMatch(/ answered 422 to create$/);
  });

  it('with more headers than 16 kB is given up', async () => {
    const { url } = await accept((socket) => {
      socket.once('data', () =>
        socket.end(`HTTP/1.1 200 OK\r\n${`x-filler: ${'x'.repeat(1_000)}\r\n`.repeat(40)}\r\n{}`),
      );
    });
    const { error } = await failureOf(definition, url);
    expect(error.code).toBe('uncertain');
    expect(error.message).toContain('HPE_HEADER_OVERFLOW');
    expectNoSecret(error);
  });

  it('of another version does not put what it calls itself into the message', async () => {
    const versioned = definitions.filter(({ api }) => api.version_echo !== undefined);
    expect(versioned).not.toEqual([]);
    for (const one of versioned) {
      const { url } = await serve((response) => {
        response.writeHead(200, { [one.api.version_echo?.header ?? '']: `2021 ${email}` }).end('{}');
      });
      const { error } = await failureOf(one, url);
      expect(error.code).toBe('protocol');
      expectNoSecret(error.toFailure());
    }
  });
});
