import { Readable } from 'node:stream';
import { type Answer, empty } from './answer.js';
import type { UpstreamError } from './upstream-error.js';

type Headers = Answer['headers'];

/** The provider's headers that survive a success with a length. */
const survivors = ['content-type', 'mcp-session-id', 'x-request-id', 'x-correlation-id'];

/**
 * What becomes of a provider's success. Sent in chunks, or as an attachment, it passes as it is, its headers over
 * Nango's own. Sent with a length, it is read whole and becomes a 200 with four headers, except that 204 stays, bare.
 */
export async function answerSuccess(status: number, headers: Headers, body: Readable): Promise<Answer> {
  if (headers['transfer-encoding'] === 'chunked' || isAttachment(headers['content-disposition'])) {
    return { status, headers, body: Readable.toWeb(body) };
  }
  const bytes = await readAll(body);
  if (bytes === undefined) return empty(500);
  if (status === 204) return empty(204);
  const kept = Object.entries(headers).filter(([name]) => survivors.includes(name));
  return {
    status: 200,
    headers: { 'content-type': 'application/octet-stream', ...Object.fromEntries(kept) },
    body: bytes,
  };
}

/** What becomes of a provider's 4xx, 5xx or unfollowed 3xx: status, text and all headers pass, over Nango's own. */
export function answerFailure({ status, headers, body }: UpstreamError): Answer {
  if (body === undefined) return empty(500);
  const { 'transfer-encoding': _, 'content-type': contentType, ...others } = headers;
  return {
    status,
    headers: { ...others, 'content-type': inUtf8(typeof contentType === 'string' ? contentType : 'text/html') },
    body: new TextDecoder().decode(body),
  };
}

/** All bytes of a body; undefined when it broke off. */
export async function readAll(body: Readable): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of body) chunks.push(chunk);
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks);
}

function isAttachment(disposition: Headers[string] | undefined): boolean {
  return typeof disposition === 'string' && /^(attachment|inline)(;|\s|$)/i.test(disposition);
}

/** Nango reads an error's body as text and sends it as UTF-8, whatever it was. */
function inUtf8(contentType: string): string {
  const [kind = '', ...parameters] = contentType.split(';').map((part) => part.trim());
  const others = parameters.filter((parameter) => !/^charset=/i.test(parameter));
  return [kind, ...['charset=utf-8', ...others].sort()].join('; ');
}
