import { Nango } from '@nangohq/node';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startNangoEmulator } from '../../emulators/nango.js';
import { sendRaw } from '../fixtures/nango/raw-http.js';
import { rechargeConnection, rechargeIntegration } from '../fixtures/nango/recharge-integration.js';
import type { RecordedHeaders, Replied } from '../fixtures/nango/recording.js';
import { openStage, type Stage } from '../fixtures/nango/replay.js';

let stage: Stage;
let nango: Nango;

beforeAll(async () => {
  stage = await openStage();
  nango = new Nango({ apiKey: stage.nango.secretKey, host: stage.nango.url });
});

beforeEach(() => stage.nango.reset());

afterAll(() => stage.close());

describe('a success of the provider', () => {
  it('passes whole when it is chunked, its headers over Nango’s own', async () => {
    provide({
      status: 201,
      headers: {
        'content-type': 'application/json',
        'x-ratelimit-limit': '40',
        'set-cookie': ['a=1', 'b=2'],
        'retry-after': '2',
      },
      body: '{"id":1}',
      framing: 'chunked',
    });
    const { status, headers, data } = await nango.post({ ...recharge, endpoint: '/customers', data: {} });
    expect({ status, data }).toEqual({ status: 201, data: { id: 1 } });
    expect(headers).toMatchObject({ 'x-ratelimit-limit': '40', 'retry-after': '2', 'set-cookie': ['a=1', 'b=2'] });
    expect(headers).not.toHaveProperty('etag');
  });

  it('passes whole when it is an attachment', async () => {
    provide({
      status: 202,
      headers: { 'content-disposition': 'attachment; filename="a"', 'x-custom': 'c' },
      body: 'file',
    });
    const { status, headers, data } = await nango.get({ ...recharge, endpoint: '/export' });
    expect({ status, data, custom: headers['x-custom'] }).toEqual({ status: 202, data: 'file', custom: 'c' });
  });

  it('loses status and headers when it has a length', async () => {
    provide({
      status: 201,
      headers: { 'content-type': 'application/json', 'x-recharge-version': '2021-11' },
      body: '{}',
    });
    const { status, headers } = await nango.post({ ...recharge, endpoint: '/customers', data: {} });
    expect([status, headers['x-recharge-version'], headers['x-ratelimit-limit']]).toEqual([200, undefined, '200']);
  });
});

describe('a redirect', () => {
  it('is followed, and carries the key of Recharge to another host', async () => {
    provide(found('https://fake-provider.test/elsewhere'), ok);
    const { data } = await nango.get({ ...recharge, endpoint: '/x' });
    expect(data).toEqual({ ok: true });
    expect(
      stage.provider.received.map(({ path, headers }) => [headers['host'], path, headers['x-recharge-access-token']]),
    ).toEqual([
      ['api.rechargeapps.com', '/x', 'sk_fake_recharge'],
      ['fake-provider.test', '/elsewhere', 'sk_fake_recharge'],
    ]);
  });

  it('does not carry an Authorization header to another host', async () => {
    provide(found('https://fake-provider.test/elsewhere'), ok);
    await nango.get({ ...lago, endpoint: '/x' });
    expect(stage.provider.received.map(({ headers }) => headers['authorization'])).toEqual([
      'Bearer sk_fake_lago',
      undefined,
    ]);
  });

  it.each([
    [302, 'GET', ''],
    [303, 'GET', ''],
    [307, 'POST', '{"a":1}'],
    [308, 'POST', '{"a":1}'],
  ])('with status %i makes a POST a %s', async (status, method, body) => {
    provide({ ...found('/elsewhere'), status }, ok);
    await nango.post({ ...recharge, endpoint: '/x', data: { a: 1 } });
    expect(stage.provider.received[1]).toMatchObject({ method, body });
  });

  it('is followed five times and no more', async () => {
    provide(...Array.from({ length: 6 }, () => found('/again')));
    const error = await failureOf(nango.get({ ...recharge, endpoint: '/x' }));
    expect(error).toMatchObject({ status: 500, data: { code: 'ERR_FR_TOO_MANY_REDIRECTS', method: 'get' } });
    expect(stage.provider.received).toHaveLength(6);
  });

  it('to this machine is refused after the provider was called', async () => {
    provide(found('http://127.0.0.1:1/x'));
    const error = await failureOf(nango.get({ ...recharge, endpoint: '/x' }));
    expect(error).toMatchObject({ status: 400, data: { error: { code: 'base_url_override_not_allowed' } } });
    expect(stage.provider.received).toHaveLength(1);
  });
});

describe('headers of the caller', () => {
  it('reach the provider only with the prefix, in lower case', async () => {
    provide(ok);
    await send({
      headers: {
        'NANGO-Proxy-X-One': '1',
        'nango-proxy-x-empty': '',
        'x-two': '2',
        'idempotency-key': 'k',
        'user-agent': 'me',
      },
    });
    const { headers = {} } = stage.provider.received[0] ?? {};
    expect(headers).toMatchObject({ 'x-one': '1', 'x-empty': '', 'user-agent': 'axios/1.18.0' });
    expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['x-two']));
    expect(headers).not.toHaveProperty('idempotency-key');
  });

  it('replace the stored credential', async () => {
    provide(ok, ok);
    await nango.get({ ...recharge, endpoint: '/x', headers: { 'X-Recharge-Access-Token': 'mine' } });
    await nango.get({ ...lago, endpoint: '/x', headers: { Authorization: 'mine', 'User-Agent': 'me' } });
    expect(stage.provider.received[0]?.headers).toMatchObject({ 'x-recharge-access-token': 'mine' });
    expect(stage.provider.received[1]?.headers).toMatchObject({ authorization: 'mine', 'user-agent': 'me' });
  });
});

describe('the body of the caller', () => {
  const form = 'application/x-www-form-urlencoded';
  it.each([
    [
      'JSON is written again',
      'application/json',
      '{ "b": 9007199254740993, "1": 2, "b2": 1.0 }',
      '{"1":2,"b":9007199254740992,"b2":1}',
    ],
    ['of a repeated key the last value stays', 'application/json', '{"a":1,"a":2}', '{"a":2}'],
    ['no body becomes an empty object', 'application/json', '', '{}'],
    ['a form becomes JSON', form, 'a=1&b=x+y', '{"a":"1","b":"x y"}'],
    ['a text that the SDK sends becomes a key', form, 'just text', '{"just text":""}'],
  ])('%s', async (_title, contentType, body, arrived) => {
    provide(ok);
    await send({ method: 'POST', headers: { 'content-type': contentType }, body });
    expect(stage.provider.received[0]).toMatchObject({
      body: arrived,
      headers: { 'content-type': 'application/json' },
    });
  });

  it('stays a form when the provider’s content type is said to be one', async () => {
    provide(ok);
    await send({
      method: 'POST',
      headers: { 'content-type': form, 'nango-proxy-content-type': form },
      body: 'a=1&b=x+y',
    });
    expect(stage.provider.received[0]).toMatchObject({ body: 'a=1&b=x+y', headers: { 'content-type': form } });
  });

  it.each(['text/plain', 'text/xml', 'application/vnd.api+json'])(
    'as %s arrives labelled as a form',
    async (contentType) => {
      provide(ok);
      await send({ method: 'POST', headers: { 'content-type': contentType }, body: 'a text' });
      expect(stage.provider.received[0]).toMatchObject({ body: 'a text', headers: { 'content-type': form } });
    },
  );

  it('is lost without a content type', async () => {
    provide(ok);
    await send({ method: 'POST', body: '{"a":1}' });
    expect(stage.provider.received[0]).toMatchObject({ body: '' });
  });

  it('is dropped from a GET and kept in a DELETE', async () => {
    provide(ok, ok);
    for (const method of ['GET', 'DELETE'])
      await send({ method, headers: { 'content-type': 'application/json' }, body: '{"a":1}' });
    expect(stage.provider.received.map(({ body }) => body)).toEqual(['', '{"a":1}']);
  });

  it.each(['7', 'null', '"text"'])('is refused when it is the JSON %s', async (body) => {
    provide();
    const answer = await send({ method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect(answer).toMatchObject({ status: 400, data: { error: { code: 'invalid_json' } } });
  });
});

describe('retries', () => {
  it('below zero are a 500 without a call of the provider', async () => {
    provide();
    expect(await send({ headers: { retries: '-1' } })).toMatchObject({
      status: 500,
      data: { error: { code: 'generic_error_support' } },
    });
    expect(stage.provider.received).toEqual([]);
  });

  it('wait 3, 6, 12 s and so on, up to ten minutes', async () => {
    provide(...Array.from({ length: 10 }, () => ({ status: 503, headers: {}, body: '' })), ok);
    stage.waits.length = 0;
    expect(await send({ headers: { retries: '11' } })).toMatchObject({ status: 200 });
    expect(stage.waits.map((ms) => ms / 1_000)).toEqual([3, 6, 12, 24, 48, 96, 192, 384, 600, 600]);
  });
});

describe('an integration', () => {
  it('whose provider cannot be reached is told of in a form of its own', async () => {
    const emulator = await startNangoEmulator({
      integrations: { recharge: rechargeIntegration('http://127.0.0.1:1') },
      connections: [rechargeConnection('sk_fake')],
    });
    const client = new Nango({ apiKey: emulator.secretKey, host: emulator.url });
    expect(await failureOf(client.post({ ...recharge, endpoint: '/x', data: {} }))).toEqual({
      status: 500,
      data: { message: 'connect ECONNREFUSED 127.0.0.1:1', code: 'ECONNREFUSED', method: 'post' },
    });
    await emulator.close();
  });

  it('whose base URL leads out of this machine is refused at the start', async () => {
    const integrations = { recharge: rechargeIntegration('https://api.rechargeapps.com') };
    await expect(startNangoEmulator({ integrations })).rejects.toThrow('does not leave this machine');
  });
});

const recharge = { providerConfigKey: 'recharge', connectionId: 'conn-1' };
const lago = { providerConfigKey: 'lago', connectionId: 'conn-1' };
const ok: Replied = { status: 200, headers: { 'content-type': 'application/json' }, body: '{"ok":true}' };

function found(location: string): Replied {
  return { status: 302, headers: { location }, body: '' };
}

function provide(...answers: Replied[]): void {
  const unasked = { host: '', method: '', path: '', headers: {}, body: '', at_ms_about: 0 };
  stage.provider.expect(
    answers.map(({ body = '', framing = 'content-length', headers, status }) => {
      const length = { 'content-length': String(Buffer.byteLength(String(body))) };
      return {
        ...unasked,
        replied: { status, body, framing, headers: { ...headers, ...(framing === 'content-length' && length) } },
      };
    }),
  );
}

/** A request of the proxy for the connection of Recharge, as it stands. */
async function send({
  method = 'GET',
  headers = {},
  body = '',
}: {
  method?: string;
  headers?: RecordedHeaders;
  body?: string;
}) {
  const answer = await sendRaw(stage.nango.url, {
    method,
    path: '/proxy/x',
    headers: {
      authorization: `Bearer ${stage.nango.secretKey}`,
      'provider-config-key': 'recharge',
      'connection-id': 'conn-1',
      'content-length': String(Buffer.byteLength(body)),
      ...headers,
    },
    body,
  });
  return { status: answer.status, headers: answer.headers, data: JSON.parse(answer.body.toString()) };
}

/** The answer in the error that the SDK throws. */
async function failureOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => expect.fail('it did not fail'),
    ({ response: { status, data } }: { response: { status: number; data: unknown } }) => ({ status, data }),
  );
}
