import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket, type Server as TcpServer } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Seen {
  readonly method: string;
  /** Path and query as they stood on the wire. */
  readonly target: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** The client's port, which tells connections apart. */
  readonly connection: number;
}

export interface Listening {
  readonly url: string;
  readonly port: number;
  readonly seen: Seen[];
}

export type Answer = (response: ServerResponse, request: Seen) => void;

/** An HTTP server for one test that notes what it was asked. */
export async function serve(answer: Answer): Promise<Listening> {
  const seen: Seen[] = [];
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const entry = {
        method: request.method ?? '',
        target: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
        connection: request.socket.remotePort ?? 0,
      };
      seen.push(entry);
      answer(response, entry);
    });
  };
  const server = createServer(listener);
  onTestFinished(() => server.closeAllConnections());
  const port = await listen(server);
  return { url: `http://127.0.0.1:${port}`, port, seen };
}

/** A bare TCP server for one test. */
export async function accept(onConnection: (socket: Socket) => void): Promise<{ url: string }> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    onConnection(socket);
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  return { url: `http://127.0.0.1:${await listen(server)}` };
}

/** A port that nothing listens on. */
export async function closedPort(): Promise<number> {
  const server = createTcpServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function listen(server: Server | TcpServer): Promise<number> {
  onTestFinished(() => void server.close());
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
