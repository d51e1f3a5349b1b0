import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { builtInProviders } from '../../../integrations/registry.js';
import { CustomerSyncError } from '../../core/errors.js';
import { type Addition, type PlannedAddition, planAddition } from '../../nango-project/plan-addition.js';
import { readCopy } from '../../nango-project/read-copy.js';
import { createRunner } from '../../runner/runner.js';
import { errorCode } from '../../sources/file-error.js';
import { type Console, say } from '../console.js';
import { writeText } from '../output.js';
import { packageFile } from '../package-file.js';

interface AddFlags {
  readonly as: string;
  readonly force?: boolean;
}

export function addNango(command: Command, console: Console): void {
  command
    .command('add')
    .description("write self-contained copies of the providers' functions into a Nango project")
    .argument('<folder>', 'the Nango project: where its index.ts is')
    .requiredOption('--as <provider=id,...>', 'which providers, under which integration ids: lago=lago-eu,recharge')
    .option('--force', 'overwrite files that are there in another form')
    .addHelpText(
      'after',
      `
Prints to standard output what index.ts lacks; index.ts itself is never changed.

Example:
  customer-sync nango add ./nango-integrations --as lago=lago-eu,recharge >> ./nango-integrations/index.ts`,
    )
    .action((folder: string, flags: AddFlags) => add(console, folder, flags));
}

async function add(console: Console, folder: string, { as, force = false }: AddFlags): Promise<void> {
  const additions = parseAdditions(as);
  const root = dirname(packageFile('package.json'));
  const plan = await planAddition(
    resolve(folder),
    await Promise.all(additions.map(async (one) => ({ ...one, files: await readCopy(root, one.provider) }))),
  );
  if (plan.overwrites.length > 0 && !force) throw wouldOverwrite(plan);
  for (const [path, text] of plan.writes) await write(join(folder, path), text);
  await report(console, folder, additions, plan);
}

/** @throws CustomerSyncError `config` for a provider that does not exist, or an id that Nango would not take. */
function parseAdditions(as: string): Addition[] {
  const runner = createRunner({ providers: builtInProviders });
  const additions = as.split(',').map((pair): Addition => {
    const at = pair.includes('=') ? pair.indexOf('=') : pair.length;
    const key = pair.slice(0, at).trim();
    const integration = at === pair.length ? key : pair.slice(at + 1).trim();
    const provider = runner.provider(key).definition.id;
    checkId(integration);
    return { provider, integration };
  });
  const ids = additions.map(({ integration }) => integration);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice === undefined) return additions;
  throw new CustomerSyncError('config', {
    message: `--as names the integration "${twice}" twice`,
    remedy: 'Give each its own id: lago=lago-eu,lago=lago-us.',
  });
}

/** Folders that the Nango CLI and npm have for themselves. */
const reserved: ReadonlySet<string> = new Set(['.', '..', '.nango', 'build', 'dist', 'node_modules']);

function checkId(id: string): void {
  if (/^[a-zA-Z0-9~:.@ _-]+$/.test(id) && !reserved.has(id)) return;
  throw new CustomerSyncError('config', {
    message: `--as: "${id}" cannot be the id of an integration`,
    remedy: "Use the integration's id in Nango: letters, digits, and ~ : . @ _ - only.",
  });
}

function wouldOverwrite({ overwrites }: PlannedAddition): CustomerSyncError {
  return new CustomerSyncError('config', {
    message: `nothing was written: these files are there in another form: ${overwrites.join(', ')}`,
    remedy: 'Choose another integration id with --as, or overwrite them with --force.',
  });
}

async function write(file: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  } catch (error) {
    throw new CustomerSyncError('config', {
      message: `${file} cannot be written (${errorCode(error)})`,
      remedy: 'See what stands there, and whether this user may write there; then run the command again.',
    });
  }
}

async function report(
  console: Console,
  folder: string,
  additions: readonly Addition[],
  { writes, taken, indexLines }: PlannedAddition,
): Promise<void> {
  for (const { provider, integration } of additions) {
    const count = [...writes.keys()].filter((path) => path.startsWith(`${integration}/`)).length;
    say(console, `${provider} as ${integration}: ${count === 0 ? 'up to date' : `${count} files written`}`);
  }
  for (const name of taken) say(console, `warning: ${name}; Nango takes only one of them`);
  if (indexLines.length > 0) {
    say(console, `Add to ${join(folder, 'index.ts')}:`);
    await writeText(console.stdout, indexLines.map((line) => `${line}\n`).join(''));
  }
  const only = additions.map(({ integration }) => integration);
  say(
    console,
    [
      'Then, in that folder:',
      '  npx nango compile',
      ...only.map((integration) => `  npx nango deploy <environment> -i ${integration}`),
    ].join('\n'),
  );
}
