import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** The next thing that a process says. @throws when it ends instead. @param name what it does, for the error. */
export async function nextMessage(process: ChildProcess, name: string): Promise<unknown> {
  const stop = new AbortController();
  try {
    const [message]: unknown[] = await Promise.race([
      once(process, 'message', { signal: stop.signal }),
      once(process, 'exit', { signal: stop.signal }).then(() => {
        throw new Error(`the process of "${name}" ended`);
      }),
    ]);
    return message;
  } finally {
    stop.abort();
  }
}
