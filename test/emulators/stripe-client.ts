import type { StripeEmulator } from '../../emulators/stripe.js';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON. */
  readonly body: Record<string, unknown> & {
    readonly error?: Record<string, unknown>;
    readonly data?: { id: string }[];
  };
}

interface SendOptions {
  /** As it stands on the wire. */
  readonly form?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Asks the emulator as any program with its key does. */
export function clientOf({ url, apiKey }: Pick<StripeEmulator, 'url' | 'apiKey'>) {
  async function send(method: string, target: string, { form, headers = {} }: SendOptions = {}): Promise<Answer> {
    const response = await fetch(url + target, {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...(form !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
        ...headers,
      },
      ...(form !== undefined && { body: form }),
    });
    return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) };
  }
  const create = (form: string, headers = {}) => send('POST', '/v1/customers', { form, headers });
  return { send, create };
}
