import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * What goes wrong below HTTP, named as in Toxiproxy where that has it. `upstream` is on the way to the provider, before
 * it has read anything of the request; `downstream` on the way back, when the work is done.
 */
export type Toxic =
  | { readonly toxic: 'reset_peer'; readonly stream: Stream }
  /** Nothing gets through any more, and nobody hangs up. */
  | { readonly toxic: 'timeout'; readonly stream: Stream }
  /** The answer ends after so many bytes. */
  | { readonly toxic: 'limit_data'; readonly bytes: number }
  | { readonly toxic: 'latency'; readonly ms: number; readonly jitterMs: number }
  | { readonly toxic: 'bandwidth'; readonly bytesPerMs: number }
  /** The answer comes in pieces of this size. */
  | { readonly toxic: 'slicer'; readonly bytes: number }
  /** The connection is closed so long after the answer. */
  | { readonly toxic: 'slow_close'; readonly ms: number }
  /** The provider gets the request twice; the second answer is the one that comes back. */
  | { readonly toxic: 'duplicate' }
  /** The provider gets the request only when `deliverHeld` is called, long after the sender gave up. */
  | { readonly toxic: 'hold' };

type Stream = 'upstream' | 'downstream';

export interface FaultProxy {
  readonly port: number;
  /** One request whose first line fits goes through this, after so many that do not. */
  arm(toxic: Toxic, target: { readonly line: RegExp; readonly after?: number }): void;
  /** Connections are refused, those that are open closed. */
  shut(): Promise<void>;
  open(): Promise<void>;
  /** Whether each answer ends its connection, so that every request makes one of its own. */
  closesEach: boolean;
  /** Lets the provider have what was held back, and waits for its answers. */
  deliverHeld(): Promise<void>;
  reset(): Promise<void>;
  close(): Promise<void>;
}

interface Armed {
  readonly toxic: Toxic;
  readonly line: RegExp;
  skip: number;
}

/**
 * A TCP proxy on loopback in front of a provider; `armed` for one request at a time.
 * @param onSilence called when a request, or its answer, has got stuck.
 */
export async function startFaultProxy(upstreamPort: number, onSilence: () => void): Promise<FaultProxy> {
  const sockets = new Set<Socket>();
  const held: Buffer[] = [];
  let armed: Armed | undefined;
  let port = 0;

  const server = createServer((client) => {
    const upstream = connect(upstreamPort, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    }
    let active: Toxic | undefined;
    let received: Buffer = Buffer.alloc(0);
    client.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (!isWholeRequest(received)) return;
      active = take(received);
      sendOn(received, active, { client, upstream }).catch(() => client.destroy());
      received = Buffer.alloc(0);
    });
    upstream.on('data', (chunk) => {
      sendBack(chunk, active, client).catch(() => client.destroy());
    });
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => {
      if (active?.toxic !== 'timeout') client.end();
    });
  });

  function take(request: Buffer): Toxic | undefined {
    if (armed === undefined || !armed.line.test(firstLine(request))) return undefined;
    if (armed.skip > 0) {
      armed.skip -= 1;
      return undefined;
    }
    const { toxic } = armed;
    armed = undefined;
    return toxic;
  }

  async function sendOn(request: Buffer, toxic: Toxic | undefined, { client, upstream }: Pair): Promise<void> {
    const isUpstream = toxic !== undefined && 'stream' in toxic && toxic.stream === 'upstream';
    if (isUpstream && toxic.toxic === 'reset_peer') client.resetAndDestroy();
    else if (isUpstream) onSilence();
    else if (toxic?.toxic === 'hold') {
      held.push(request);
      onSilence();
    } else {
      if (toxic?.toxic === 'duplicate') await deliver(request);
      upstream.write(request);
    }
  }

  async function sendBack(chunk: Buffer, toxic: Toxic | undefined, client: Socket): Promise<void> {
    switch (toxic?.toxic) {
      case 'reset_peer':
        client.resetAndDestroy();
        return;
      case 'timeout':
        onSilence();
        return;
      case 'limit_data':
        client.end(chunk.subarray(0, toxic.bytes));
        return;
      case 'latency':
        await pause(toxic.ms + Math.random() * toxic.jitterMs);
        break;
      case 'slow_close':
        client.write(chunk);
        await pause(toxic.ms);
        client.end();
        return;
      case 'bandwidth':
      case 'slicer': {
        const size = toxic.toxic === 'slicer' ? toxic.bytes : toxic.bytesPerMs;
        for (let sent = 0; sent < chunk.byteLength; sent += size) {
          client.write(chunk.subarray(sent, sent + size));
          await pause(1);
        }
        return;
      }
    }
    if (proxy.closesEach)
      client.end(chunk.toString('latin1').replace(/^connection: keep-alive/im, 'connection: close'), 'latin1');
    else client.write(chunk);
  }

  /** On a connection of its own; the answer is nobody's. */
  function deliver(request: Buffer): Promise<void> {
    return new Promise((resolve) => {
      const socket = connect(upstreamPort, '127.0.0.1', () => socket.write(request));
      socket.once('data', () => socket.destroy());
      socket.on('error', () => {}).on('close', () => resolve());
    });
  }

  const listen = () =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });

  const proxy: FaultProxy = {
    get port() {
      return port;
    },
    closesEach: false,
    arm(toxic, { line, after = 0 }) {
      armed = { toxic, line, skip: after };
    },
    async shut() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
    open: listen,
    async deliverHeld() {
      for (const request of held.splice(0)) await deliver(request);
    },
    async reset() {
      armed = undefined;
      held.length = 0;
      proxy.closesEach = false;
      if (!server.listening) await listen();
    },
    async close() {
      if (server.listening) await proxy.shut();
    },
  };
  await listen();
  port = (server.address() as AddressInfo).port;
  return proxy;
}

interface Pair {
  readonly client: Socket;
  readonly upstream: Socket;
}

function firstLine(request: Buffer): string {
  return request.toString('latin1').split('\r\n', 1)[0] ?? '';
}

function isWholeRequest(received: Buffer): boolean {
  const end = received.indexOf('\r\n\r\n');
  if (end === -1) return false;
  const [, length = '0'] = /^content-length: (\d+)/im.exec(received.toString('latin1', 0, end)) ?? [];
  return received.byteLength >= end + 4 + Number(length);
}
