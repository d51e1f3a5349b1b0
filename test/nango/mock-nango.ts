import { vi } from 'vitest';
import type { z } from 'zod';
import { ActionError } from '../../emulators/nango/action-error.js';

interface Call {
  readonly method: string;
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly retries: number;
  readonly data?: unknown;
}

type Answer = { status?: number; headers?: Record<string, string>; data: unknown } | Error;

/** A `nango` for unit tests, in the way of Nango's own templates: what it is asked is noted, what it answers is given. */
export function mockNango(providerConfigKey: string, answers: Readonly<Record<string, Answer | Answer[]>> = {}) {
  const queues = new Map(Object.entries(answers).map(([request, answer]) => [request, [answer].flat()]));
  return {
    connectionId: 'conn-1',
    providerConfigKey,
    ActionError,
    /** The last answer to a request is given again and again. */
    proxy: vi.fn(async ({ method, endpoint }: Call) => {
      const queue = queues.get(`${method} ${endpoint}`);
      const answer = queue !== undefined && queue.length > 1 ? queue.shift() : queue?.[0];
      if (answer === undefined) throw new Error(`nobody expected ${method} ${endpoint}`);
      if (answer instanceof Error) throw answer;
      const { status = 200, headers = {}, data } = answer;
      if (status < 300) return { status, headers, data };
      throw Object.assign(new Error(`status ${status}`), { response: { status, headers, data } });
    }),
    log: vi.fn(async (..._parts: unknown[]) => {}),
    getMetadata: vi.fn(async (): Promise<unknown> => ({})),
    zodValidateInput: vi.fn(async ({ zodSchema, input }: { zodSchema: z.ZodType; input: unknown }) => {
      const parsed = zodSchema.safeParse(input);
      if (parsed.success) return parsed;
      throw new ActionError({ message: 'Invalid input provided' });
    }),
    tryAcquireLock: vi.fn(async (_lock: { key: string; ttlMs: number }) => true),
    releaseLock: vi.fn(async (_lock: { key: string }) => true),
    batchSave: vi.fn(async (_records: unknown[], _model: string) => true),
    trackDeletesStart: vi.fn(async (_model: string) => {}),
    trackDeletesEnd: vi.fn(async (_model: string) => ({ deletedKeys: [] })),
    getCheckpoint: vi.fn(async (): Promise<unknown> => null),
    saveCheckpoint: vi.fn(async (_checkpoint: unknown) => {}),
    clearCheckpoint: vi.fn(async () => {}),
  };
}

export type MockNango = ReturnType<typeof mockNango>;

/** Runs a script's function with a mock, which is less than the type that Nango declares. */
export function exec(
  script: { exec: (...parts: never[]) => unknown },
  nango: object,
  input?: unknown,
): Promise<unknown> {
  return Promise.resolve(Reflect.apply(script.exec, script, [nango, input]));
}

export async function payloadOf(running: Promise<unknown>): Promise<unknown> {
  try {
    await running;
  } catch (error) {
    return error instanceof ActionError ? error.payload : error;
  }
  throw new Error('it did not fail');
}

/** The requests as text: `POST /customers`. */
export function requestsOf({ proxy }: MockNango): string[] {
  return proxy.mock.calls.map(([{ method, endpoint }]) => `${method} ${endpoint}`);
}
