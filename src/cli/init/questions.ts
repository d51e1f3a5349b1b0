import { readdirSync } from 'node:fs';
import { type CANCEL_SYMBOL, isCancel, multiselect, select, text } from '@clack/prompts';
import { builtInProviders } from '../../../integrations/registry.js';
import type { DatabaseTable } from '../../init/database.js';
import { fileStart } from '../../init/file-start.js';
import { usualUrlVariable } from '../../init/place.js';
import { type Console, canRedraw, isTerminal } from '../console.js';

/** Ctrl-C at a question, or a terminal that went away. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** What `init` asks where no option says it. Each throws `Interrupted`. */
export interface Questions {
  /** Answers what `--from` would say. */
  from(): Promise<string>;
  table(tables: readonly DatabaseTable[]): Promise<DatabaseTable>;
  /** Answers what `--to` would say. */
  to(): Promise<readonly string[]>;
}

/** Only a terminal that can go back on a line, and knows its width, shows a list to choose from. */
export function canAsk(console: Console): boolean {
  return isTerminal(console.stdin) && canRedraw(console) && console.stderr.columns !== 0;
}

export function createQuestions({ stdin, stderr, env }: Console): Questions {
  const gone = new AbortController();
  stdin.once('end', () => gone.abort());
  const terminal = { input: stdin, output: stderr, signal: gone.signal };

  async function fileName(): Promise<string> {
    const validate = (value: string | undefined) => (value?.trim() ? undefined : 'Name a file.');
    const path = await text({ ...terminal, message: 'Which file?', placeholder: 'exports/customers.csv', validate });
    return given(path).trim();
  }

  async function urlVariable(): Promise<string> {
    const name = await text({
      ...terminal,
      message: 'Which variable of the environment holds its URL (postgres://user:password@host/database)?',
      initialValue: usualUrlVariable,
      validate: (value) =>
        env[value ?? ''] ? undefined : `${value} is not set: leave with Ctrl-C, set it, and start again.`,
    });
    return `\${env:${given(name)}}`;
  }

  return {
    async from() {
      const files = dataFiles();
      const chosen = await select({
        ...terminal,
        message: 'Where are your customers?',
        options: [
          ...files.map((file) => ({ value: `file:${file}`, label: file })),
          { value: 'other', label: files.length === 0 ? 'In a file' : 'In another file', hint: 'CSV, JSONL, SQLite' },
          { value: 'postgres', label: 'In PostgreSQL' },
        ],
        maxItems: 12,
      });
      const answer = given(chosen);
      if (answer === 'postgres') return urlVariable();
      return answer === 'other' ? fileName() : answer.slice('file:'.length);
    },
    async table(tables) {
      const options = tables.map((value) => ({ value, label: value.name }));
      return given(await select({ ...terminal, message: 'In which table?', options, maxItems: 12 }));
    },
    async to() {
      const options = builtInProviders.map(({ definition: { id, name, auth } }) => ({
        value: id,
        label: name,
        hint: env[auth.env] ? `${auth.env} is set` : `its key goes into ${auth.env}`,
      }));
      const hasKey = builtInProviders.flatMap(({ definition: { id, auth } }) => (env[auth.env] ? [id] : []));
      const message = 'Where do they go?';
      return given(await multiselect({ ...terminal, message, options, initialValues: hasKey, required: true }));
    },
  };
}

function given<Value>(answer: Value | typeof CANCEL_SYMBOL): Value {
  if (isCancel(answer)) throw new Interrupted();
  return answer;
}

/** More than these are looked up faster by their names. */
const shownFiles = 20;

/** Files of this folder that may hold customers. */
function dataFiles(): string[] {
  return readdirSync('.')
    .filter((name) => /\.(?:csv|tsv|jsonl|ndjson|db|sqlite3?)(?:\.gz)?$/i.test(name) || isJsonList(name))
    .sort()
    .slice(0, shownFiles);
}

/** The settings of other programs are JSON as well, and no list. */
function isJsonList(name: string): boolean {
  return /\.json$/i.test(name) && /^\ufeff?\s*\[/.test(fileStart(name, 64).toString());
}
