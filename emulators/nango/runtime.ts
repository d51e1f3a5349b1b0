import { Buffer } from 'node:buffer';
import * as crypto from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import * as url from 'node:url';
import vm from 'node:vm';
import { z } from 'zod';
import * as zodOfRunner from 'zod-nango-runtime';
import type { NangoScript } from './script.js';

/** A compiled script. */
export interface LoadedScript extends Required<NangoScript> {
  /** Runs the script in a context of its own, with a `nango` from `createScriptNango`. */
  exec(nango: object, input?: unknown): Promise<unknown>;
}

const scriptSchema = z.looseObject({
  type: z.enum(['action', 'sync', 'onEvent']),
  description: z.string().optional(),
  version: z.string().optional(),
  models: z.record(z.string(), z.unknown()).optional(),
  frequency: z.string().optional(),
  autoStart: z.boolean().optional(),
  exec: z.custom<(nango: object, input?: unknown) => unknown>((value) => typeof value === 'function'),
});
const exportsSchema = z.looseObject({ default: scriptSchema });

export interface LoadOptions {
  /** The `setTimeout` that the script sees. Default: the real one. */
  readonly setTimeout?: (work: () => void, ms: number) => unknown;
  /** All executions share one context, where Nango gives each its own: quicker, for scripts that keep nothing. */
  readonly isKept?: boolean;
}

/** `recharge_actions_upsert-customers.cjs`, the form in which `nango compile` writes and `nango deploy` reads. */
const compiledName = /^(?<integration>.+?)_(?:actions|syncs|on-events)_(?<name>.+)\.cjs$/;

/**
 * Loads a script that `nango compile` wrote, to run it as Nango's runner does: in a `node:vm` context without Node's
 * globals, where native errors belong to another realm, and with the runner's own zod 4.0.5.
 * @throws when the file's name or what it exports is not a script's, or when its top level fails.
 */
export async function loadScript(file: string, options: LoadOptions = {}): Promise<LoadedScript> {
  const parts = compiledName.exec(basename(file))?.groups;
  if (parts?.['integration'] === undefined || parts['name'] === undefined) {
    throw new Error(`${file} is not named like a script that nango compile wrote`);
  }
  const { integration, name } = parts;
  const filename = `${name}-${integration}.cjs`;
  const wrapped = new vm.Script(wrap(await readFile(file, 'utf8')), { filename });
  const evaluate = () => exportsSchema.parse(wrapped.runInContext(createSandbox(options))).default;

  const first = evaluate();
  const { type, description, version, models = {}, frequency, autoStart } = first;
  return {
    integration,
    name,
    type,
    description,
    version,
    models: Object.keys(models),
    frequency,
    autoStart,
    filename,
    async exec(nango, input) {
      return (options.isKept ? first : evaluate()).exec(nango, input);
    },
  };
}

function wrap(code: string): string {
  return `(function() { var module = { exports: {} }; var exports = module.exports; ${code}
        return module.exports;
    })();
    `;
}

/** The globals of Nango's runner and no others; `fetch`, `process` and `structuredClone` are among those missing. */
function createSandbox(options: LoadOptions): vm.Context {
  const sandbox = {
    constructor: undefined,
    console: new Proxy({}, { get: () => () => {} }),
    require: requireModule,
    Buffer,
    setTimeout: options.setTimeout ?? setTimeout,
    Error,
    URL,
    URLSearchParams,
  };
  Object.setPrototypeOf(sandbox, null);
  return vm.createContext(sandbox, { codeGeneration: { strings: false, wasm: false } });
}

function requireModule(name: string): unknown {
  switch (name) {
    case 'url':
      return url;
    case 'crypto':
      return crypto;
    case 'zod':
      return zodOfRunner;
    case 'botbuilder':
    case 'soap':
    case 'unzipper':
      throw new Error(`Module '${name}' exists in Nango's runner, but this project does not use it`);
    default:
      throw new Error(`Module '${name}' is not allowed`);
  }
}
