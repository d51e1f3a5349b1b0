/** One request, complete but for what the host adds: the base URL and the credentials. */
export interface HttpRequest {
  /** Name of the operation in the provider's definition. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the base URL, starting with `/`; its parameters are percent-encoded. */
  readonly path: string;
  /** Encoded query without `?`; absent when empty. */
  readonly query?: string;
  /** Lower-case names. Never holds credentials. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as text; its kind is in the `content-type` header. */
  readonly body?: string;
}

export interface HttpResponse {
  readonly status: number;
  /** Lower-case names. Behind Nango's proxy most are missing on success; see `Host.providerHeaders`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Text, or already parsed where the host cannot help parsing JSON. */
  readonly body: unknown;
}

/** The request got no answer. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  /** `no`: it certainly did not reach the provider. `maybe`: it may have, and may have been carried out. */
  readonly sent: 'no' | 'maybe';
  /** The cause as a word, for example `ECONNRESET` or `timeout`. */
  readonly reason: string;
  /** How long whoever refused the request asks to wait, in milliseconds. */
  readonly waitMs: number | undefined;

  constructor(sent: 'no' | 'maybe', reason: string, waitMs?: number) {
    super(`no answer (${reason})`);
    this.sent = sent;
    this.reason = reason;
    this.waitMs = waitMs;
  }
}

/** By shape, since errors cross realms in Nango's sandbox. */
export function isTransportError(error: unknown): error is TransportError {
  return typeof error === 'object' && error !== null && 'name' in error && error.name === 'TransportError';
}

export interface LogEntry {
  readonly level: 'debug' | 'warn';
  /** `pause`: the provider does not answer, so all of the account's requests wait. `resume`: it answers again. */
  readonly event: 'request' | 'retry' | 'pause' | 'resume';
  readonly provider: string;
  readonly operation: string;
  readonly attempt?: number;
  readonly status?: number;
  readonly reason?: string;
  readonly waitMs?: number;
}

/** Where a connector runs. Everything that is not pure comes from here. */
export interface Host {
  readonly kind: 'local' | 'nango-proxy' | 'nango-runtime';
  /** `unreliable`: a success may come as 200 whatever it was, and without the provider's headers. */
  readonly providerHeaders: 'full' | 'unreliable';
  /**
   * Sends one request once, without following redirects where the host can prevent it, and resolves with whatever
   * status came.
   * @throws TransportError when no answer came; CustomerSyncError when the host itself refuses (its own key, say).
   */
  send(request: HttpRequest): Promise<HttpResponse>;
  /** Epoch milliseconds. */
  now(): number;
  sleep(ms: number): Promise<void>;
  /** In [0, 1). */
  random(): number;
  /** Entries hold no secret and no customer's value. */
  log(entry: LogEntry): void | Promise<void>;
}
