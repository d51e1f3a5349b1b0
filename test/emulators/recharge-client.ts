import { onTestFinished } from 'vitest';
import { type RechargeEmulator, type RechargeEmulatorOptions, startEmulator } from '../../emulators/recharge.js';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

type Send = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<Answer>;

export interface RechargeClient {
  readonly emulator: RechargeEmulator;
  /** Sends as version 2021-11. A body that is a string goes out as it is. */
  readonly send: Send;
  /** Sends without a version header, which means 2021-01. */
  readonly sendUnversioned: Send;
}

export const NIELS = { email: 'niels@test.example', first_name: 'Niels', last_name: 'Bohr' };

export async function startRecharge(options: RechargeEmulatorOptions = {}): Promise<RechargeClient> {
  const emulator = await startEmulator(options);
  onTestFinished(() => emulator.close());

  const sendUnversioned: Send = async (method, path, body, headers) => {
    const response = await fetch(`${emulator.url}${path}`, {
      method,
      headers: { 'X-Recharge-Access-Token': emulator.apiKey, 'Content-Type': 'application/json', ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
  };
  const send: Send = (method, path, body, headers) =>
    sendUnversioned(method, path, body, { 'X-Recharge-Version': '2021-11', ...headers });
  return { emulator, send, sendUnversioned };
}
