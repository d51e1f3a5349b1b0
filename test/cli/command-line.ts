import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import type { Emulator, EmulatorOptions } from '../../emulators/server.js';
import { builtInProviders } from '../../integrations/registry.js';
import { runCommand } from '../../src/cli/run-command.js';
import { watchCommand, watchEmulator, watchFolder } from '../security/watch.js';

export const providerIds = builtInProviders.map(({ definition }) => definition.id);

export interface CliResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly input?: string | Buffer;
  /** Only `emulate` prints keys: its own, made-up ones. */
  readonly printsKeys?: boolean;
}

/** What stderr says when a command ends with an error: what is wrong, what to do, and who explains the code. */
export function errorText(code: string, message: string, remedy: string): string {
  return `error (${code}): ${message}\n  -> ${remedy}\n  "customer-sync help ${code}" explains the code.\n`;
}

// Vitest sets it where the tests run in a terminal; the streams of `runCli` are none.
delete process.env['FORCE_COLOR'];

/** Where the tests run, whatever folder a command runs in at the moment. */
const home = process.cwd();

/** The built program, as a user starts it. Its environment holds nothing but `env`. */
export function startBinary(args: readonly string[], { env = {}, cwd = home }: CliOptions = {}) {
  const watched = watchCommand({ args, env });
  const child = spawn(process.execPath, [join(home, 'dist/src/cli/main.js'), ...args], { env: { ...env }, cwd });
  return Object.assign(child, { watched });
}

/** Runs it to its end. Whatever the test is about, no key and no stack trace may be printed. */
export function runBinary(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  return endOf(startBinary(args, options), options);
}

export async function endOf(child: ReturnType<typeof startBinary>, options: CliOptions = {}): Promise<CliResult> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  // A program that ends before it has read everything is a case of its own.
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  const code = await new Promise<number | null>((done) => child.once('close', done));
  const result = { stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString(), code };
  refuseLeaks(result, options);
  if (!options.printsKeys) child.watched(result);
  return result;
}

let lastRun: Promise<unknown> = Promise.resolve();

/** The same command within this process, where it starts at once. One at a time, since a process is in one folder. */
export function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const run = lastRun.then(() => runHere(args, options));
  lastRun = run.catch(() => {});
  return run;
}

async function runHere(args: readonly string[], options: CliOptions): Promise<CliResult> {
  const { env = {}, cwd = home, input } = options;
  const stdin = Readable.from(input === undefined ? [] : [input], { objectMode: false });
  const stdout = collector();
  const stderr = collector();
  const watched = watchCommand({ args, env, input });
  process.chdir(cwd);
  try {
    const code = await runCommand({ env, stdin, stdout: stdout.stream, stderr: stderr.stream }, args);
    const result = { stdout: stdout.text(), stderr: stderr.text(), code };
    refuseLeaks(result, options);
    watched(result);
    return result;
  } finally {
    process.chdir(home);
  }
}

function collector() {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString() };
}

function refuseLeaks({ stdout, stderr }: CliResult, { env = {}, printsKeys }: CliOptions): void {
  const output = stdout + stderr;
  if (/^\s+at .*[:(]\d+:\d+/m.test(output)) throw new Error(`a stack trace was printed:\n${output}`);
  if (printsKeys) return;
  for (const [name, value] of Object.entries(env)) {
    if (/_KEY$/.test(name) && value !== '' && output.includes(value)) throw new Error(`${name} was printed`);
  }
}

/** Has what a test needs registered for its end; vitest's test context fits. */
interface Ending {
  onTestFinished(task: () => void | Promise<void>): void;
}

/** A folder with these files in it, gone when the test ends. */
export function folderWith(files: Readonly<Record<string, string | Buffer>>, ending: Ending): string {
  const folder = mkdtempSync(join(tmpdir(), 'customer-sync-'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  ending.onTestFinished(watchFolder(folder, Object.keys(files)));
  ending.onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

export interface Stage {
  /** Leads the program to the emulators. */
  readonly env: Record<string, string>;
  emulator(id: string): Emulator<object>;
}

/** Emulators without rate limits, and the environment that leads to them. */
export async function startProviders(ids: readonly string[], ending: Ending): Promise<Stage> {
  const emulators = new Map<string, Emulator<object>>();
  const env: Record<string, string> = {};
  for (const id of ids) {
    const emulator = await startEmulator(id);
    emulators.set(id, emulator);
    ending.onTestFinished(watchEmulator(emulator));
    // A test may have closed it on its own.
    ending.onTestFinished(() => emulator.close().catch(() => {}));
    const { api, auth } = definitionOf(id);
    env[api.base_url_env] = emulator.url;
    env[auth.env] = emulator.apiKey;
  }
  return {
    env,
    emulator(id) {
      const emulator = emulators.get(id);
      if (emulator === undefined) throw new Error(`no emulator of ${id} was started`);
      return emulator;
    },
  };
}

function definitionOf(id: string) {
  const provider = builtInProviders.find(({ definition }) => definition.id === id);
  if (provider === undefined) throw new Error(`there is no provider ${id}`);
  return provider.definition;
}

async function startEmulator(id: string): Promise<Emulator<object>> {
  const module: { startEmulator(options: EmulatorOptions): Promise<Emulator<object>> } = await import(
    `../../emulators/${id}.ts`
  );
  return module.startEmulator({ rateLimits: false });
}

/** What the providers' documentation calls a read; two of them read by POST. */
const read = /^GET |^POST \/v1\/customers(\/search|\.get|\.list)$/;

/** Requests that may have changed something. */
export function writesTo(stage: Stage, id: string): string[] {
  return stage
    .emulator(id)
    .requests.map(({ method, target }) => `${method} ${target}`)
    .filter((request) => !read.test(request));
}
