import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { definition as autumnDefinition } from '../../providers/autumn/definition.js';
import { definition as rechargeDefinition } from '../../providers/recharge/definition.js';
import { definitionSchema } from '../../schemas/definition.js';
import { type HttpRequest, isTransportError } from '../../src/core/http/host.js';
import { createLocalHost, type LocalHostOptions } from '../../src/hosts/local-host.js';
import { accept, closedPort, serve } from './loopback.js';
import { expectNoSecret, SECRET } from './no-secret.js';

const RECHARGE = definitionSchema.parse(rechargeDefinition);
const AUTUMN = definitionSchema.parse(autumnDefinition);
const GET: HttpRequest = {
  operation: 'find',
  method: 'GET',
  path: '/customers',
  headers: { accept: 'application/json' },
};
const POST: HttpRequest = {
  operation: 'create',
  method: 'POST',
  path: '/customers',
  headers: { accept: 'application/json', 'content-type': 'application/json' },
  body: '{"email":"joe@example.test"}',
};

function host(baseUrl: string, options: Partial<LocalHostOptions> = {}) {
  return createLocalHost({ definition: RECHARGE, baseUrl, apiKey: SECRET, ...options });
}

/** The error of a request, which must not go through; it may show neither the key nor the customer. */
async function failure(baseUrl: string, request = POST, options: Partial<LocalHostOptions> = {}) {
  const error: unknown = await host(baseUrl, options)
    .send(request)
    .then(
      (response) => Promise.reject(new Error(`answered ${response.status}`)),
      (reason: unknown) => reason,
    );
  expectNoSecret(error);
  if (!isTransportError(error)) throw error;
  return { sent: error.sent, reason: error.reason };
}

describe('a request', () => {
  it('goes out with method, path, query, headers and body as given, and with the key', async () => {
    const { url, port, seen } = await serve((response) => response.end('{}'));
    await host(`${url}/v1/`).send({ ...POST, path: '/customers/a%2Fb', query: 'email=a%2Bb&limit=2' });
    expect(seen).toEqual([
      {
        method: 'POST',
        target: '/v1/customers/a%2Fb?email=a%2Bb&limit=2',
        headers: {
          accept: 'application/json',
          'accept-encoding': expect.stringContaining('gzip'),
          connection: 'keep-alive',
          'content-length': '28',
          'content-type': 'application/json',
          host: `127.0.0.1:${port}`,
          'user-agent': 'customer-sync',
          'x-recharge-access-token': SECRET,
        },
        body: '{"email":"joe@example.test"}',
        connection: expect.any(Number),
      },
    ]);
  });

  it('without a body has no content type and no length', async () => {
    const { url, seen } = await serve((response) => response.end('{}'));
    await host(url).send(GET);
    expect(seen[0]?.headers).not.toHaveProperty('content-type');
    expect(seen[0]?.headers).not.toHaveProperty('content-length');
    expect(seen[0]?.body).toBe('');
  });

  it('carries the key in the form that the provider asks for', async () => {
    const { url, seen } = await serve((response) => response.end('{}'));
    await host(url, { definition: AUTUMN }).send(GET);
    expect(seen[0]?.headers).toHaveProperty('authorization', `Bearer ${SECRET}`);
  });

  it.each(["$&$1$$$`$'", '{key}', '\\1'])('carries a key with characters that mean something: %s', async (apiKey) => {
    const { url, seen } = await serve((response) => response.end('{}'));
    await host(url, { definition: AUTUMN, apiKey }).send(GET);
    expect(seen[0]?.headers).toHaveProperty('authorization', `Bearer ${apiKey}`);
  });

  it('sends text byte for byte: Unicode, and JSON that a client might write anew', async () => {
    const { url, seen } = await serve((response) => response.end('{}'));
    const body = '{ "name" : "Jürgen 😀",\n"big":12345678901234567890 }';
    await host(url).send({ ...POST, body });
    expect(seen[0]?.body).toBe(body);
    expect(seen[0]?.headers['content-length']).toBe(String(Buffer.byteLength(body)));
  });

  it.each(['PUT', 'PATCH', 'DELETE'] as const)('may be a %s', async (method) => {
    const { url, seen } = await serve((response) => response.end('{}'));
    await host(url).send({ ...POST, method });
    expect(seen[0]).toMatchObject({ method, body: POST.body });
  });

  it('uses a connection again', async () => {
    const { url, seen } = await serve((response) => response.end('{}'));
    const { send } = host(url);
    await send(GET);
    await send(POST);
    await send(GET);
    expect(new Set(seen.map(({ connection }) => connection)).size).toBe(1);
  });
});

describe('an answer', () => {
  it.each([200, 201, 204, 400, 401, 404, 409, 422, 429, 500, 503])('of any status is an answer: %i', async (status) => {
    const { url } = await serve((response) => response.writeHead(status, { 'retry-after': '7' }).end());
    expect(await host(url).send(POST)).toMatchObject({ status, headers: { 'retry-after': '7' }, body: '' });
  });

  it('is text, never parsed', async () => {
    const { url } = await serve((response) => response.setHeader('content-type', 'application/json').end('{"a": 1}'));
    expect(await host(url).send(GET)).toMatchObject({ body: '{"a": 1}' });
  });

  it('has header names in lower case and repeated headers joined', async () => {
    const { url } = await serve((response) => {
      response.setHeader('X-Recharge-Version', '2021-11').setHeader('Set-Cookie', ['a=1', 'b=2']).end();
    });
    const { headers } = await host(url).send(GET);
    expect(headers).toMatchObject({ 'x-recharge-version': '2021-11', 'set-cookie': 'a=1, b=2' });
  });

  it.each([
    ['gzip', gzipSync('{"name":"Jürgen"}')],
    ['br', brotliCompressSync('{"name":"Jürgen"}')],
  ])('may be packed with %s', async (encoding, packed) => {
    const { url } = await serve((response) => response.setHeader('content-encoding', encoding).end(packed));
    expect(await host(url).send(GET)).toMatchObject({ body: '{"name":"Jürgen"}' });
  });

  it('that is packed and cut off is no JSON', async () => {
    const packed = gzipSync(JSON.stringify({ customer: { id: 1, name: 'x'.repeat(50), hash: 'a1b2c3' } }));
    const { url } = await serve((response) => {
      response.setHeader('content-encoding', 'gzip').end(packed.subarray(0, packed.byteLength - 15));
    });
    const { body } = await host(url).send(GET);
    expect(() => JSON.parse(String(body))).toThrow(SyntaxError);
  });

  it('that is a redirect is not followed, so the key does not reach the other host', async () => {
    const other = await serve((response) => response.end('{}'));
    for (const status of [301, 302, 303, 307, 308]) {
      const { url, seen } = await serve((response) => {
        response.writeHead(status, { location: `${other.url}/steal` }).end();
      });
      expect(await host(url).send(POST)).toMatchObject({ status });
      expect(seen).toHaveLength(1);
    }
    expect(other.seen).toEqual([]);
  });

  it('over the cap is given up', async () => {
    const { url } = await serve((response) => response.end('x'.repeat(2_000)));
    expect(await failure(url, GET, { maxResponseBytes: 1_000 })).toMatchObject({ sent: 'maybe' });
    expect(await host(url, { maxResponseBytes: 2_000 }).send(GET)).toMatchObject({ status: 200 });
  });

  it('that is small packed and over the cap unpacked is given up', async () => {
    const { url } = await serve((response) => {
      response.setHeader('content-encoding', 'gzip').end(gzipSync('x'.repeat(1_000_000)));
    });
    expect(await failure(url, GET, { maxResponseBytes: 10_000 })).toMatchObject({ sent: 'maybe' });
  });
});

describe('no answer', () => {
  it('is certainly not sent where the connection is refused', async () => {
    const port = await closedPort();
    expect(await failure(`http://127.0.0.1:${port}`)).toEqual({ sent: 'no', reason: 'ECONNREFUSED' });
    expect(await failure(`http://localhost:${port}`)).toEqual({ sent: 'no', reason: 'ECONNREFUSED' });
  });

  it('is certainly not sent where the other side speaks no TLS', async () => {
    const { url } = await serve((response) => response.end('{}'));
    expect(await failure(url.replace('http:', 'https:'))).toMatchObject({ sent: 'no' });
  });

  it('is told where the connection is cut as soon as it is there', async () => {
    // Whether the request had left by then is a matter of chance.
    const { url } = await accept((socket) => socket.resetAndDestroy());
    expect(await failure(url)).toMatchObject({ reason: 'ECONNRESET' });
  });

  it('may have been sent where the connection is cut after the request was read', async () => {
    const { url } = await accept((socket) => socket.once('data', () => socket.resetAndDestroy()));
    expect(await failure(url)).toEqual({ sent: 'maybe', reason: 'ECONNRESET' });
  });

  it('may have been sent where the connection is closed without a word', async () => {
    const { url } = await accept((socket) => socket.once('data', () => socket.end()));
    expect(await failure(url)).toEqual({ sent: 'maybe', reason: 'ECONNRESET' });
  });

  it('may have been sent where the answer is cut off', async () => {
    const { url } = await accept((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"customer":', () => socket.destroy());
      });
    });
    expect(await failure(url)).toMatchObject({ sent: 'maybe' });
  });

  it('may have been sent where the answer is not HTTP', async () => {
    const { url } = await accept((socket) => socket.once('data', () => socket.end('SSH-2.0-x\r\n')));
    expect(await failure(url)).toMatchObject({ sent: 'maybe' });
  });

  it('may have been sent where the answer does not come in time', async () => {
    const { url } = await accept(() => {});
    expect(await failure(url, POST, { timeoutMs: 60 })).toEqual({ sent: 'maybe', reason: 'timeout' });
  });

  it('may have been sent where the body does not come in time', async () => {
    const { url } = await serve((response) => {
      response.setHeader('content-length', '100');
      response.write('{');
    });
    expect(await failure(url, POST, { timeoutMs: 60 })).toEqual({ sent: 'maybe', reason: 'timeout' });
  });

  it('may have been sent where the body drips for ever', async () => {
    const { url } = await serve((response) => {
      const drip = setInterval(() => response.write(' '), 10);
      response.on('close', () => clearInterval(drip));
    });
    expect(await failure(url, POST, { timeoutMs: 80 })).toEqual({ sent: 'maybe', reason: 'timeout' });
  });

  it('is certainly not sent where no connection comes about', async () => {
    // TLS is never answered, so the connection is not ready although TCP is.
    const { url } = await accept(() => {});
    expect(await failure(url.replace('http:', 'https:'), POST, { connectTimeoutMs: 60 })).toEqual({
      sent: 'no',
      reason: 'connect timeout',
    });
  });

  it('is not a connect timeout where the answer is slower than connecting may be', async () => {
    const { url } = await serve((response) => setTimeout(() => response.end('{}'), 120));
    expect(await host(url, { connectTimeoutMs: 40 }).send(POST)).toMatchObject({ status: 200 });
  });

  it('on a connection that the other side closed meanwhile may have been sent', async () => {
    let connections = 0;
    const { url } = await accept((socket) => {
      connections += 1;
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}');
        socket.once('data', () => socket.resetAndDestroy());
      });
    });
    const { send } = host(url);
    await send(GET);
    const error: unknown = await send(POST).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ sent: 'maybe', reason: 'ECONNRESET' });
    expect(connections).toBe(1);
  });
});

describe('a proxy named in the environment', () => {
  it('never sees a request', async () => {
    const proxy = await serve((response) => response.end('{"proxied":true}'));
    const { url, seen } = await serve((response) => response.end('{}'));
    for (const name of ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy']) {
      vi.stubEnv(name, proxy.url);
    }
    vi.stubEnv('NODE_USE_ENV_PROXY', '1');
    vi.stubEnv('NO_PROXY', '');
    try {
      expect(await host(url).send(POST)).toMatchObject({ body: '{}' });
    } finally {
      vi.unstubAllEnvs();
    }
    expect(proxy.seen).toEqual([]);
    expect(seen).toHaveLength(1);
  });
});
