import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ProviderDefinition } from '../../schemas/definition.js';
import type { Overlay } from '../../schemas/mapping.js';
import { CustomerSyncError } from '../core/errors.js';
import type { Host } from '../core/http/host.js';
import { parseOverlay } from '../core/mapping/compile-mapping.js';
import { createLocalHost } from '../hosts/local-host.js';
import type { Connection } from '../runner/connection.js';
import type { Runner } from '../runner/runner.js';
import { errorCode } from '../sources/file-error.js';
import { findJsonFault } from '../sources/json/json-scan.js';

/** A connection, and the words by which a person recognises the account behind it. */
export interface CliTarget {
  readonly connection: Connection;
  readonly definition: ProviderDefinition;
  readonly account: Account;
}

export interface Account {
  readonly baseUrl: string;
  /** First digits of the key's hash: tells two keys apart, and nothing else about them. */
  readonly key: string;
  readonly environment: 'live' | 'sandbox' | 'this machine' | 'live or test: the key does not say';
}

interface TargetOptions {
  readonly runner: Runner;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** No key is needed and no request can be sent. */
  readonly offline: boolean;
  readonly rateShare: number | undefined;
  /** Provider key -> overlay file. */
  readonly overlays: ReadonlyMap<string, string>;
}

/**
 * Makes `--to lago,autumn` into connections, by the environment variables that the definitions name.
 * @throws CustomerSyncError `config` for an unknown provider, a missing key or an unusable URL.
 */
export function openTargets(names: readonly string[], options: TargetOptions): CliTarget[] {
  for (const name of options.overlays.keys()) if (!names.includes(name)) throw strayOverlay(name, names);
  return [...new Set(names)].map((name) => openTarget(name, options));
}

function openTarget(name: string, { runner, env, offline, rateShare, overlays }: TargetOptions): CliTarget {
  const { definition } = runner.provider(name);
  const baseUrl = baseUrlOf(definition, env);
  const apiKey = env[definition.auth.env] ?? '';
  if (!offline && apiKey === '') throw missingKey(definition);
  const overlay = overlays.get(name);
  const connection = runner.connect({
    to: name,
    host: offline ? offlineHost() : createLocalHost({ definition, baseUrl, apiKey }),
    overlay: overlay === undefined ? undefined : readOverlay(overlay),
    // A stand-in on this machine has no rate that others share.
    rateShare: rateShare ?? (isLoopback(baseUrl) ? 'unpaced' : undefined),
  });
  const account: Account = {
    baseUrl,
    key: apiKey === '' ? 'none' : createHash('sha256').update(apiKey).digest('hex').slice(0, 8),
    environment: environmentOf(definition, baseUrl, apiKey),
  };
  return { connection, definition, account };
}

function baseUrlOf({ api }: ProviderDefinition, env: TargetOptions['env']): string {
  const given = env[api.base_url_env];
  if (given === undefined || given === '') return api.base_url;
  return api.other_base_urls?.[given] ?? given;
}

function environmentOf({ environment }: ProviderDefinition, baseUrl: string, apiKey: string): Account['environment'] {
  if (isLoopback(baseUrl)) return 'this machine';
  const { sandbox_key_prefix: sandbox, live_key_prefix: live } = environment;
  if (sandbox !== undefined && apiKey.startsWith(sandbox)) return 'sandbox';
  if (live !== undefined && apiKey.startsWith(live)) return 'live';
  return 'live or test: the key does not say';
}

function isLoopback(baseUrl: string): boolean {
  return URL.canParse(baseUrl) && ['127.0.0.1', '[::1]', 'localhost'].includes(new URL(baseUrl).hostname);
}

function readOverlay(file: string): Overlay {
  const text = overlayText(file);
  const fault = findJsonFault(text);
  if (fault !== undefined)
    throw overlayError(`${file}: line ${fault.line} column ${fault.column}: expected ${fault.expected}`);
  return parseOverlay(JSON.parse(text), file);
}

function overlayText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = errorCode(error);
    const reason = { ENOENT: 'there is no such file', EISDIR: 'is a directory' }[code] ?? `cannot be read (${code})`;
    throw overlayError(`${file}: ${reason}`);
  }
}

function overlayError(message: string): CustomerSyncError {
  return new CustomerSyncError('config', {
    message,
    remedy: 'An overlay is a JSON file with "fields" or "remove" in it.',
  });
}

/** Planning without a network: anything sent is a fault of the program. */
function offlineHost(): Host {
  return {
    kind: 'local',
    providerHeaders: 'full',
    send: () => Promise.reject(new RangeError('an offline run tried to send a request')),
    now: Date.now,
    sleep: () => Promise.resolve(),
    random: Math.random,
    log: () => {},
  };
}

function missingKey({ name, auth }: ProviderDefinition): CustomerSyncError {
  return new CustomerSyncError('config', {
    message: `there is no key for ${name}: ${auth.env} is not set`,
    remedy: `Set ${auth.env}, or look at the payloads without a key: dry-run --offline.`,
  });
}

function strayOverlay(name: string, names: readonly string[]): CustomerSyncError {
  return new CustomerSyncError('config', {
    message: `--overlay names "${name}", which is not in --to`,
    remedy: `Use one of: ${names.join(', ')}.`,
  });
}
