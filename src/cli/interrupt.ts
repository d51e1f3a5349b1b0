import { type Console, isTerminal, say } from './console.js';
import { exitCode } from './exit-code.js';

/** The end of a run before its time. */
export interface Interrupt {
  readonly signal: AbortSignal;
  /** What a signal of the system makes of the exit code; `undefined` without one. */
  readonly code: number | undefined;
  /** Ends the run from within: what is in flight is finished. */
  end(): void;
  stopListening(): void;
}

/** The first signal lets what is in flight finish, the second ends at once. */
export function listenForInterrupt(console: Console): Interrupt {
  const interrupt = new AbortController();
  let code: number | undefined;
  const stop = (signal: 'SIGINT' | 'SIGTERM') => {
    const ended = signal === 'SIGINT' ? exitCode.interrupted : exitCode.terminated;
    if (code !== undefined) endAtOnce(console, ended);
    code = ended;
    say(console, 'Finishing what is in flight; once more ends at once.');
    interrupt.abort();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  return {
    signal: interrupt.signal,
    get code() {
      return code;
    },
    end: () => interrupt.abort(),
    stopListening() {
      process.off('SIGINT', stop).off('SIGTERM', stop);
    },
  };
}

/** A line of progress that is cut off has hidden the cursor. */
function endAtOnce({ stderr }: Console, code: number): never {
  if (isTerminal(stderr)) stderr.write('\u001b[?25h');
  process.exit(code);
}
