import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import type { Emulator } from '../../emulators/server.js';
import type { Outcome } from '../../schemas/outcome.js';
import { personalValuesIn, personalValuesOf, valuesFoundIn } from './personal-values.js';
import { noteSearch } from './search-count.js';

// Every command that a test runs is searched when it has ended, whatever the test is about: what it printed and the files
// that it wrote, for every secret that it was given and every personal value of its customers. So are the ledgers, reports
// and outcomes of tests that use the engine without a command. SECURITY.md says what is not searched, and why.

interface Command {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly input?: string | Buffer | undefined;
}

interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

/** Customers are what these print, and what the files of these options hold. */
const printsCustomers = new Set(['dry-run', 'plan', 'apply', 'explain', 'init']);
const holdsCustomers = new Set(['--out', '--rejects']);

type Held = Pick<Emulator, 'requests' | 'customers'>;

const emulators = new Set<Held>();
/** Folders of commands, with the files in them that tests put there. */
const folders = new Map<string, ReadonlySet<string>>();

/** Whoever it holds or is told of is a customer, until what is answered is called. */
export function watchEmulator(emulator: Held): () => void {
  emulators.add(emulator);
  return () => void emulators.delete(emulator);
}

/** What stands in the test's own files is about customers, and what commands write there is searched; until the end. */
export function watchFolder(folder: string, own: Iterable<string>): () => void {
  folders.set(folder, new Set(own));
  return () => void folders.delete(folder);
}

/** Begins to watch a command. The answer is called with what was printed, and throws when it finds something. */
export function watchCommand(command: Command): (printed: Printed) => void {
  const before = new Map(filesWatched().map(({ path, state }) => [path, state]));
  return ({ stdout, stderr }) => {
    const asked = namesAsked(command.args);
    const written = filesWatched().filter(({ path, state }) => before.get(path) !== state);
    const places = [
      { where: 'stderr', text: stderr, isAsked: false },
      { where: 'stdout', text: stdout, isAsked: printsCustomers.has(command.args[0] ?? '') },
      ...written.map(({ path, name }) => ({
        where: name,
        text: readFileSync(path, 'utf8'),
        isAsked: asked.has(basename(path)),
      })),
    ];
    const values = valuesOf(command);
    const secrets = secretsOf(command);
    const found = places.flatMap(({ where, text, isAsked }) => {
      const told = secrets.filter((secret) => text.includes(secret) && !where.endsWith('.key'));
      return [...told, ...(isAsked ? [] : leaksIn(text, values))].map((leak) => `${JSON.stringify(leak)} in ${where}`);
    });
    noteSearch({ commands: 1, files: written.length, values: values.size });
    if (found.length > 0) throw new Error(`told or kept by ${command.args.join(' ')}: ${found.join(', ')}`);
  };
}

/** Throws when a value of a customer stands in one of the files, those of the test itself left out. */
export function searchFolder(folder: string, own: readonly string[] = []): void {
  for (const { path, name } of filesBelow(folder)) {
    if (!own.includes(name)) searchText(readFileSync(path, 'utf8'), name);
  }
}

/** Throws when a value of a customer stands in a text. */
export function searchText(text: string, where: string): void {
  const values = valuesOf({ args: [], env: {} });
  noteSearch({ commands: 0, files: 1, values: values.size });
  const leaks = leaksIn(text, values);
  if (leaks.length > 0) throw new Error(`kept in ${where}: ${leaks.join(', ')}`);
}

/** Throws when a value of the customer, or a secret, stands in an outcome outside of what it says that it changed. */
export function searchOutcome({ changes: _, ...told }: Outcome, customer: unknown, secrets: readonly string[]): void {
  const text = JSON.stringify(told);
  const values = new Set(personalValuesIn(customer));
  // An e-mail address for an id is the user's own choice.
  values.delete(told.customer_id ?? '');
  noteSearch({ commands: 0, files: 0, values: values.size });
  const leaks = [...leaksIn(text, values), ...secrets.filter((secret) => text.includes(secret))];
  if (leaks.length > 0) throw new Error(`told by an outcome: ${leaks.join(', ')}`);
}

const startLength = 6;

/** In a file with bytes that are no text, values have no ends, and short ones stand there by chance. */
function leaksIn(text: string, values: ReadonlySet<string>): string[] {
  if (!text.includes('\0')) return valuesFoundIn(text, values);
  const byStart = Map.groupBy(
    [...values].filter((value) => value.length >= startLength),
    (value) => value.slice(0, startLength),
  );
  const found = new Set<string>();
  // Once through the text: a ledger of thousands of customers is searched for thousands of values.
  for (let index = 0; index < text.length; index += 1) {
    for (const value of byStart.get(text.slice(index, index + startLength)) ?? [])
      if (text.startsWith(value, index)) found.add(value);
  }
  return [...found];
}

function valuesOf({ input }: Command): Set<string> {
  const files = [...folders].flatMap(([folder, own]) => [...own].map((name) => join(folder, name))).filter(existsSync);
  const texts = [...files.map((path) => readFileSync(path, 'utf8')), ...(input === undefined ? [] : [String(input)])];
  const held = [...emulators].flatMap((emulator) => [
    ...emulator.requests.flatMap(({ body }) => personalValuesOf(body)),
    ...personalValuesIn(emulator.customers()),
  ]);
  return new Set([...texts.flatMap(personalValuesOf), ...held]);
}

function secretsOf({ env }: Command): string[] {
  const given = Object.entries(env).flatMap(([name, value]) => (/KEY|SECRET|TOKEN|PASSWORD/.test(name) ? [value] : []));
  const generated = filesWatched()
    .filter(({ path }) => path.endsWith('.key'))
    .map(({ path }) => readFileSync(path, 'utf8').trim());
  return [...given, ...generated].filter((secret) => secret.length >= 8);
}

function namesAsked(args: readonly string[]): Set<string> {
  return new Set(args.flatMap((arg, index) => (holdsCustomers.has(args[index - 1] ?? '') ? [basename(arg)] : [])));
}

function filesWatched() {
  return [...folders].flatMap(([folder, own]) => filesBelow(folder).filter(({ name }) => !own.has(name)));
}

function filesBelow(folder: string) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const { mtimeMs, size } = statSync(path);
      return { path, name: relative(folder, path), state: `${mtimeMs} ${size}` };
    });
}
