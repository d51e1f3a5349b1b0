import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { connect, type Socket } from 'node:net';
import axios, { type AxiosInstance } from 'axios';
import { z } from 'zod';

/** Why Nango does not send to a URL. Both answer `base_url_override_not_allowed`, with different sentences. */
export const refusals = {
  loopback: 'This base URL override is not allowed by server configuration.',
  outbound: 'This outbound URL is not allowed by server configuration.',
} as const;

export interface Transport {
  readonly http: AxiosInstance;
  /**
   * Why Nango would not send to this URL, if so. The real one refuses loopback everywhere; here an integration's own base
   * URL is let through, since that is where the providers' stand-ins are.
   */
  refusal(url: string, baseUrl?: string): string | undefined;
  /** For axios' `beforeRedirect`. @throws RefusedRedirectError, which axios wraps; see `refusedRedirect`. */
  checkRedirect(options: object, baseUrl: string): void;
  close(): void;
}

const redirectSchema = z.looseObject({ href: z.string() });

/** A redirect led to a place where Nango does not send. */
class RefusedRedirectError extends Error {
  override readonly name = 'RefusedRedirectError';
}

/** The refused redirect behind an error, if there is one. */
export function refusedRedirect(error: unknown): RefusedRedirectError | undefined {
  if (error instanceof RefusedRedirectError) return error;
  return error instanceof Error ? refusedRedirect(error.cause) : undefined;
}

/**
 * Sends to loopback only. A host name in `hosts` is led to the origin it stands for, in plain HTTP whatever its scheme,
 * so that redirects between hosts behave as between the providers' real ones; no other name resolves.
 */
export function createTransport(hosts: Readonly<Record<string, string>>): Transport {
  const httpAgent = new LoopbackHttpAgent({ keepAlive: true }, hosts);
  const httpsAgent = new LoopbackHttpsAgent({ keepAlive: true }, hosts);
  const transport: Transport = {
    http: axios.create({
      httpAgent,
      httpsAgent,
      proxy: false,
      maxRedirects: 5,
      // What the recorded server's axios sends; the installed one may offer more.
      headers: { 'user-agent': 'axios/1.18.0', 'accept-encoding': 'gzip, compress, deflate, br' },
    }),
    refusal(url, baseUrl) {
      const { hostname, origin, protocol } = new URL(url);
      if (baseUrl !== undefined && origin === new URL(baseUrl).origin) return undefined;
      if (isLoopback(hostname)) return refusals.loopback;
      const isHttp = protocol === 'http:' || protocol === 'https:';
      return isHttp && Object.hasOwn(hosts, hostname) ? undefined : refusals.outbound;
    },
    checkRedirect(options, baseUrl) {
      const refusal = transport.refusal(redirectSchema.parse(options).href, baseUrl);
      if (refusal !== undefined) throw new RefusedRedirectError(refusal);
    },
    close() {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
  return transport;
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

type Hosts = Readonly<Record<string, string>>;
interface Destination {
  readonly host?: string | null | undefined;
  readonly port?: number | string | null | undefined;
}

class LoopbackHttpAgent extends HttpAgent {
  readonly #hosts: Hosts;

  constructor(options: { keepAlive: boolean }, hosts: Hosts) {
    super(options);
    this.#hosts = hosts;
  }

  override createConnection(options: Destination): Socket {
    return connectTo(options, this.#hosts);
  }
}

class LoopbackHttpsAgent extends HttpsAgent {
  readonly #hosts: Hosts;

  constructor(options: { keepAlive: boolean }, hosts: Hosts) {
    super(options);
    this.#hosts = hosts;
  }

  override createConnection(options: Destination): Socket {
    return connectTo(options, this.#hosts);
  }
}

function connectTo({ host, port }: Destination, hosts: Hosts): Socket {
  const name = host ?? '';
  const origin = Object.hasOwn(hosts, name) ? hosts[name] : undefined;
  if (origin !== undefined) return connect({ host: '127.0.0.1', port: Number(new URL(origin).port) });
  if (!isLoopback(name))
    throw new Error(`the Nango emulator does not leave this machine: ${name} is not among its hosts`);
  return connect({ host: '127.0.0.1', port: Number(port) });
}
