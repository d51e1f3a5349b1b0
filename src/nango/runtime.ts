import type { z } from 'zod';
import type { BillingCustomer } from '../../schemas/billing-customer.js';
import type { PullCheckpoint } from './pull-customers.js';

type MaybePromise<T> = T | Promise<T>;

interface ProxyRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  endpoint: string;
  headers: Record<string, string>;
  retries: number;
  data?: unknown;
}

/** What this project uses of the `nango` object that Nango gives to every script. */
export interface ScriptRuntime {
  readonly connectionId: string;
  readonly providerConfigKey: string;
  readonly ActionError: new (payload?: Record<string, unknown>) => Error;
  proxy(request: ProxyRequest): Promise<{ status: number; headers: object; data: unknown }>;
  log(message: string, options?: { level?: 'debug' | 'info' | 'warn' | 'error' }): MaybePromise<void>;
  getMetadata(): Promise<unknown>;
}

/** What it uses in actions. */
export interface ActionRuntime extends ScriptRuntime {
  zodValidateInput(parameters: { zodSchema: z.ZodType; input: unknown }): Promise<unknown>;
  tryAcquireLock(lock: { key: string; ttlMs: number }): Promise<boolean>;
  releaseLock(lock: { key: string }): Promise<boolean>;
}

/** The model that the inbound syncs save. */
export type Model = 'BillingCustomer';

/** What it uses in syncs. */
export interface SyncRuntime extends ScriptRuntime {
  batchSave(records: BillingCustomer[], model: Model): MaybePromise<boolean>;
  trackDeletesStart(model: Model): MaybePromise<void>;
  trackDeletesEnd(model: Model): MaybePromise<unknown>;
  getCheckpoint(): Promise<PullCheckpoint | null>;
  saveCheckpoint(checkpoint: PullCheckpoint): Promise<void>;
  clearCheckpoint(): Promise<void>;
}
