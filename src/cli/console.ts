import { createInterface } from 'node:readline/promises';
import type { ReadStream, WriteStream } from 'node:tty';
import { styleText } from 'node:util';

/** The terminal, the environment and the streams, as the commands see them. */
export interface Console {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: NodeJS.ReadStream;
  /** Data: what a program or a file wants. */
  readonly stdout: NodeJS.WriteStream;
  /** Talk: progress, warnings, questions. */
  readonly stderr: NodeJS.WriteStream;
}

export type Style = Parameters<typeof styleText>[0];

/** Colour where the stream is a terminal and NO_COLOR is not set. */
export function paint(stream: NodeJS.WriteStream, style: Style, text: string): string {
  return styleText(style, text, { stream });
}

export function say(console: Console, text: string): void {
  console.stderr.write(`${text}\n`);
}

/** Asks on the terminal. Anything but a clear yes is a no. */
export async function confirm({ stdin, stderr }: Console, question: string): Promise<boolean> {
  const lines = createInterface({ input: stdin, output: stderr });
  try {
    const answer = await lines.question(`${question} [y/N] `);
    return /^\s*y(es)?\s*$/i.test(answer);
  } finally {
    lines.close();
  }
}

export function isTerminal(stream: ReadStream | WriteStream | NodeJS.ReadStream | NodeJS.WriteStream): boolean {
  return stream.isTTY === true;
}
