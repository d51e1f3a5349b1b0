import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Fault } from './faults.js';

interface Exchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  /** What the provider does where nothing goes wrong. */
  handle(): Promise<Response>;
}

/** Answers a request that goes wrong, above HTTP or below it. */
export async function playFault(fault: Fault, { incoming, outgoing, handle }: Exchange): Promise<Response> {
  if ('commit' in fault && fault.commit) await handle();
  switch (fault.kind) {
    case 'delay':
      await pause(fault.ms);
      return handle();
    case 'meanwhile':
      await fault.act();
      return handle();
    case 'respond':
      return new Response(fault.body ?? '', { status: fault.status, headers: { ...fault.headers } });
    case 'alter':
      return altered(await handle(), fault);
    case 'reset':
      incoming.socket.destroy();
      return RESPONSE_ALREADY_SENT;
    case 'hang':
      fault.onHang?.();
      return RESPONSE_ALREADY_SENT;
    case 'truncate':
      await sendHalf(await handle(), outgoing);
      incoming.socket.destroy();
      return RESPONSE_ALREADY_SENT;
    case 'drip': {
      const rest = await sendHalf(await handle(), outgoing);
      await pause(fault.ms);
      outgoing.end(rest);
      return RESPONSE_ALREADY_SENT;
    }
  }
}

/** Sends status, headers and half of the body. @returns the other half. */
async function sendHalf(response: Response, outgoing: ServerResponse): Promise<Uint8Array> {
  const body = Buffer.from(await response.arrayBuffer());
  const middle = Math.floor(body.byteLength / 2);
  outgoing.writeHead(response.status, {
    ...Object.fromEntries(response.headers),
    'content-length': String(body.byteLength),
  });
  await new Promise<void>((resolve) => outgoing.write(body.subarray(0, middle), () => resolve()));
  return body.subarray(middle);
}

async function altered(response: Response, { status, headers, gzip }: Extract<Fault, { kind: 'alter' }>) {
  const body = Buffer.from(await response.arrayBuffer());
  const sent = gzip ? gzipSync(body) : body;
  return new Response(response.status === 204 ? null : sent, {
    status: status ?? response.status,
    headers: { ...Object.fromEntries(response.headers), ...(gzip && { 'content-encoding': 'gzip' }), ...headers },
  });
}
