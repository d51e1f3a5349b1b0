import { type ChildProcess, spawn } from 'node:child_process';
import { CustomerSyncError } from '../../core/errors.js';
import { errorCode } from '../file-error.js';

interface CommandParts {
  /** For messages. */
  readonly name: string;
  readonly command: readonly string[];
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  /** How long it may print nothing. */
  readonly timeoutMs: number;
  /** For its standard input. */
  readonly input: string;
  /** Never to be seen in a message, whatever the program prints. */
  readonly secrets: readonly string[];
}

const keptLines = 5;
const keptCharacters = 2000;

/**
 * What a program prints, as it prints it. It runs without a shell, and is ended when nobody reads any more.
 * @throws CustomerSyncError `config` when it cannot be started, hangs or fails, with the last lines it said.
 */
export async function* runCommand(parts: CommandParts): AsyncGenerator<Buffer> {
  const { command, directory, env, input, timeoutMs } = parts;
  const [program = '', ...args] = command;
  const child = spawn(program, args, { cwd: directory, env, stdio: 'pipe', shell: false, windowsHide: true });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    // Before it is cut: of half a secret nobody would know that it is one.
    said = withoutSecrets(said + text, parts.secrets).slice(-keptCharacters);
  });
  let isLate = false;
  /** Only the program's own time counts, and not how long its customers take at a provider. */
  const inTime = async <T>(work: Promise<T>): Promise<T> => {
    const timer = setTimeout(() => {
      isLate = true;
      child.kill('SIGKILL');
    }, timeoutMs);
    return work.finally(() => clearTimeout(timer));
  };
  const ended = endOf(child);
  // A program that reads no input may be gone before it was written.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  let isRead = false;
  try {
    const chunks = child.stdout[Symbol.asyncIterator]();
    for (let next = await inTime(chunks.next()); !next.done; next = await inTime(chunks.next())) yield next.value;
    const end = await inTime(ended);
    isRead = true;
    if (isLate) throw failed(parts, `printed nothing for ${timeoutMs / 1000} s`, said);
    if (end !== undefined) throw failed(parts, end, said);
  } finally {
    if (!isRead) child.kill('SIGTERM');
    child.stdout.destroy();
  }
}

/** Why it failed, or `undefined` when it did not. */
function endOf(child: ChildProcess): Promise<string | undefined> {
  return new Promise((done) => {
    child.once('error', (error) => done(`cannot be started (${errorCode(error)})`));
    child.once('close', (code, signal) => {
      if (code === 0) done(undefined);
      else done(code === null ? `was ended by ${signal}` : `ended with exit code ${code}`);
    });
  });
}

/** The longest first: one may begin with another. */
function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret !== '')
    .toSorted((one, other) => other.length - one.length)
    .reduce((safe, secret) => safe.replaceAll(secret, '***'), text);
}

function failed({ name, command }: CommandParts, what: string, said: string): CustomerSyncError {
  const lines = said.trim().split('\n').slice(-keptLines).join(' | ');
  return new CustomerSyncError('config', {
    message: `${name}: ${command[0]} ${what}${lines === '' ? '' : `: ${lines}`}`,
    remedy: 'Run it by hand in the folder of the configuration; it must print one JSON object a line and end with 0.',
  });
}
