import type { z } from 'zod';

type MaybePromise<T> = T | Promise<T>;

interface ProxyRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  endpoint: string;
  headers: Record<string, string>;
  retries: number;
  data?: unknown;
}

/** What this project uses of the `nango` object that Nango gives to a script. */
export interface NangoRuntime {
  readonly connectionId: string;
  readonly ActionError: new (payload?: Record<string, unknown>) => Error;
  proxy(request: ProxyRequest): Promise<{ status: number; headers: object; data: unknown }>;
  log(message: string, options?: { level?: 'debug' | 'info' | 'warn' | 'error' }): MaybePromise<void>;
  zodValidateInput(parameters: { zodSchema: z.ZodType; input: unknown }): Promise<unknown>;
  tryAcquireLock(lock: { key: string; ttlMs: number }): Promise<boolean>;
  releaseLock(lock: { key: string }): Promise<boolean>;
}
