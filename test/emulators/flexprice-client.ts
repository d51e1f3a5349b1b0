import { onTestFinished } from 'vitest';
import { type FlexpriceEmulator, type FlexpriceEmulatorOptions, startEmulator } from '../../emulators/flexprice.js';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Undefined when the body is empty or no JSON. */
  readonly body: unknown;
}

export interface FlexpriceClient {
  readonly emulator: FlexpriceEmulator;
  /** A body that is a string goes out as it is. */
  send(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** Creates a customer and gives its internal id. */
  create(body?: object): Promise<string>;
}

export const ACME = { external_id: 'acme-1', name: 'Acme Inc' };

export async function startFlexprice(options: FlexpriceEmulatorOptions = {}): Promise<FlexpriceClient> {
  const emulator = await startEmulator(options);
  onTestFinished(() => emulator.close());

  const send: FlexpriceClient['send'] = async (method, path, body, headers) => {
    const response = await fetch(`${emulator.url}${path}`, {
      method,
      headers: { 'x-api-key': emulator.apiKey, 'Content-Type': 'application/json', ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json');
    return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined };
  };
  return {
    emulator,
    send,
    async create(body = ACME) {
      const { body: created } = await send('POST', '/customers', body);
      return String(Object(created).id);
    },
  };
}

export function validationError(request: string, tags: Readonly<Record<string, string>>) {
  const details = Object.entries(tags).map(([name, tag]) => [
    name,
    `Key: '${request}.${name}' Error:Field validation for '${name}' failed on the '${tag}' tag`,
  ]);
  return {
    code: 'validation_error',
    message: 'Request validation failed',
    http_status_code: 400,
    details: Object.fromEntries(details),
  };
}
