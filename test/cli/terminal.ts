import { PassThrough } from 'node:stream';
import type { Console } from '../../src/cli/console.js';
import { runCommand } from '../../src/cli/run-command.js';
import { watchCommand } from '../security/watch.js';

/** A command within this process whose streams are a terminal, one that cannot redraw a line of progress. */
export interface Terminal {
  /** Starts it; resolves with the exit code. */
  run(args: readonly string[]): Promise<number>;
  /** Resolves with everything on stderr once the question stands at its end. */
  question(): Promise<string>;
  /** Resolves once this stands on stderr, behind what was waited for before. */
  shows(text: string): Promise<void>;
  type(keys: string): void;
  /** As when the terminal goes away. */
  hangUp(): void;
  stdout(): string;
  stderr(): string;
}

export function openTerminal(env: Readonly<Record<string, string>>): Terminal {
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {} });
  const stdout = openScreen();
  const stderr = openScreen();
  let seen = 0;
  const console: Console = {
    env: { TERM: 'dumb', ...env },
    stdin,
    stdout: stdout.stream,
    stderr: stderr.stream,
  };
  return {
    async run(args) {
      const watched = watchCommand({ args, env });
      const code = await runCommand(console, args);
      watched({ stdout: stdout.text(), stderr: stderr.text() });
      return code;
    },
    async question() {
      while (!stderr.text().endsWith('[y/N] ')) await new Promise((shown) => stderr.stream.once('data', shown));
      return stderr.text();
    },
    async shows(text) {
      while (!stderr.text().includes(text, seen)) await new Promise((shown) => stderr.stream.once('data', shown));
      seen = stderr.text().indexOf(text, seen) + text.length;
    },
    type: (keys) => stdin.write(keys),
    hangUp: () => stdin.end(),
    stdout: stdout.text,
    stderr: stderr.text,
  };
}

function openScreen() {
  const moved = () => true;
  const stream = Object.assign(new PassThrough(), {
    isTTY: true,
    cursorTo: moved,
    moveCursor: moved,
    clearLine: moved,
  });
  let printed = '';
  stream.setEncoding('utf8').on('data', (text: string) => {
    // Readline moves the cursor about; what remains is what can be read.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: sequences for a terminal begin with one
    printed += text.replace(/\u001b\[\??[\d;]*[A-Za-z]/g, '');
  });
  return { stream, text: () => printed };
}
