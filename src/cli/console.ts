import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { styleText } from 'node:util';

/** `process.stdin` fits. */
export type InputStream = Readable & { readonly isTTY?: boolean };
/** `process.stdout` and `process.stderr` fit. */
export type OutputStream = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** The terminal, the environment and the streams, as the commands see them. */
export interface Console {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: InputStream;
  /** Data: what a program or a file wants. */
  readonly stdout: OutputStream;
  /** Talk: progress, warnings, questions. */
  readonly stderr: OutputStream;
}

export type Style = Parameters<typeof styleText>[0];

/** Colour where the stream is a terminal and NO_COLOR is not set. */
export function paint(stream: OutputStream, style: Style, text: string): string {
  return styleText(style, text, { stream });
}

export function say(console: Console, text: string): void {
  console.stderr.write(`${text}\n`);
}

type Answer = 'yes' | 'no' | 'interrupted';

/** Asks on the terminal. Anything but a clear yes is a no, the end of the input too; Ctrl-C is `interrupted`. */
export function confirm({ stdin, stderr }: Console, question: string): Promise<Answer> {
  const lines = createInterface({ input: stdin, output: stderr });
  return new Promise((resolve) => {
    let answer: Answer | undefined;
    const end = (given: Answer) => {
      answer = given;
      lines.close();
    };
    lines.once('SIGINT', () => end('interrupted'));
    lines.once('close', () => {
      // Without an answer the cursor still stands behind the question.
      if (answer === undefined || answer === 'interrupted') stderr.write('\n');
      resolve(answer ?? 'no');
    });
    lines.question(`${question} [y/N] `, (line) => end(/^\s*y(es)?\s*$/i.test(line) ? 'yes' : 'no'));
  });
}

export function isTerminal(stream: InputStream | OutputStream): boolean {
  return stream.isTTY === true;
}

/** A terminal of an editor or of a CI cannot go back on a line, and would show one for every step. */
export function canRedraw({ stderr, env }: Console): boolean {
  return isTerminal(stderr) && env['TERM'] !== 'dumb' && env['CI'] === undefined;
}
