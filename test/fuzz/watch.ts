import { Worker } from 'node:worker_threads';

/** Nothing that is read may take longer. */
export const maxMs = 1_000;

/** CPU time of this process so far: the machine may be busy with something else. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/**
 * Runs one case and names it when it fails, with all that is needed to run it again.
 * @throws Error for a case that throws or takes longer than a second.
 */
export async function watched<T>(name: string, input: unknown, run: () => T | Promise<T>): Promise<T> {
  const startedAt = cpuMs();
  let result: T;
  caseBegins(name);
  try {
    result = await run();
  } catch (error) {
    throw new Error(`${name} threw for ${JSON.stringify(input)}: ${String(error)}`, { cause: error });
  } finally {
    caseEnds();
  }
  const ms = cpuMs() - startedAt;
  if (ms > maxMs) throw new Error(`${name} took ${ms} ms for ${JSON.stringify(input)}`);
  return result;
}

/** What the watchdog sees of the case that is under way. */
export interface Watched {
  /** A number that changes with every case, 0 while there is none, and how many bytes of `name` are its name. */
  readonly current: Int32Array;
  readonly name: Uint8Array;
  /** After so much CPU time it hangs. */
  readonly hangsAfterMs: number;
}

const shared: Watched = {
  current: new Int32Array(new SharedArrayBuffer(8)),
  name: new Uint8Array(new SharedArrayBuffer(200)),
  hangsAfterMs: 10 * maxMs,
};
let cases = 0;
let isWatched = false;

/**
 * Says that a case begins. One that never ends keeps its thread from ever looking at a clock again, the test runner's for
 * timeouts included, so another thread does: it names the case and ends the process.
 */
export function caseBegins(name: string): void {
  if (!isWatched) startWatchdog();
  cases += 1;
  shared.current[1] = new TextEncoder().encodeInto(name, shared.name).written;
  Atomics.store(shared.current, 0, cases);
}

export function caseEnds(): void {
  Atomics.store(shared.current, 0, 0);
}

function startWatchdog(): void {
  isWatched = true;
  new Worker(new URL('./watchdog.ts', import.meta.url), { workerData: shared }).unref();
}
