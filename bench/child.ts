import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** Runs a module in a process of its own, that prints where this one does and sends its results as messages. */
export function startChild(module: URL, values: readonly string[] = []): ChildProcess {
  return fork(module, [...values], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
}

/** The next thing that a process says. @throws when it ends instead. @param name what it does, for the error. */
export async function nextMessage(child: ChildProcess, name: string): Promise<unknown> {
  const stop = new AbortController();
  try {
    const [message]: unknown[] = await Promise.race([
      once(child, 'message', { signal: stop.signal }),
      once(child, 'exit', { signal: stop.signal }).then(() => {
        throw new Error(`the process of "${name}" ended`);
      }),
    ]);
    return message;
  } finally {
    stop.abort();
  }
}

/** Resolves when it has ended, and so has no file open any more. */
export async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill();
  await ended;
}
