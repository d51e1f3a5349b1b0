import process from 'node:process';
import type { Command } from 'commander';
import { findProject } from '../../new-provider/find-project.js';
import { type ProviderNames, providerNames } from '../../new-provider/provider-names.js';
import { planScaffold, type Scaffold } from '../../new-provider/scaffold.js';
import { writeScaffold } from '../../new-provider/write-scaffold.js';
import type { Console } from '../console.js';
import { writeText } from '../output.js';

interface NewProviderFlags {
  readonly name?: string;
  readonly dryRun?: true;
  readonly json?: true;
}

export function addNewProvider(command: Command, console: Console): void {
  command
    .argument('<id>', 'the key of the provider: small letters and digits, words joined by hyphens')
    .option('--name <name>', 'how people write it (default: made from the id)')
    .option('--dry-run', 'list the files, and write nothing')
    .option('--json', 'print as JSON')
    .addHelpText(
      'after',
      `
Works in a clone of the project. Everything it writes compiles; its tests fail until each place that says
FILL IN is filled in, and test/structure.test.ts lists those places. CONTRIBUTING.md explains each step.

Examples:
  customer-sync new-provider chart-mogul --name ChartMogul
  customer-sync new-provider orb --dry-run`,
    )
    .action((id: string, flags: NewProviderFlags) => addProvider(console, id, flags));
}

async function addProvider({ stdout }: Console, id: string, { name, dryRun, json }: NewProviderFlags): Promise<void> {
  const project = findProject(process.cwd());
  const names = providerNames(id, name);
  const scaffold = planScaffold(project, names);
  const isFormatted = dryRun === true || (await writeScaffold(project, scaffold));
  const told: Told = {
    written: dryRun !== true,
    files: [...scaffold.files.keys()],
    changed: [...scaffold.changed.keys()],
    by_hand: [...scaffold.byHand, ...documents(names)],
    next: nextCommands(id, isFormatted),
  };
  await writeText(stdout, json ? `${JSON.stringify(told, null, 2)}\n` : text(told));
}

/** What the command says, as JSON has it. */
interface Told {
  readonly written: boolean;
  readonly files: readonly string[];
  readonly changed: readonly string[];
  readonly by_hand: Scaffold['byHand'];
  readonly next: readonly { readonly command: string; readonly why: string }[];
}

function text({ written, files, changed, by_hand: byHand, next }: Told): string {
  const width = Math.max(...next.map(({ command }) => command.length));
  return [
    written ? 'Written:' : 'Would be written:',
    ...files.map((path) => `  + ${path}`),
    ...changed.map((path) => `  ~ ${path}`),
    '',
    'By hand:',
    ...byHand.flatMap(({ path, add }) => [`  ${path}`, ...add.split('\n').map((line) => `    ${line}`)]),
    '',
    'Next:',
    ...next.map(({ command, why }) => `  ${command.padEnd(width)}  ${why}`),
    '',
  ].join('\n');
}

/** Documents that people read, and neither a template nor a generator can write. */
function documents({ id, name }: ProviderNames): Scaffold['byHand'] {
  return [
    { path: 'README.md', add: `${name}, where the first lines name the providers` },
    { path: 'CHANGELOG.md', add: `- ${name} is a provider.` },
    {
      path: 'docs/nango.md',
      add: `how the integration is created in Nango\nand, where Nango does not list ${name}: providers/${id}/nango-provider.yaml, as next door`,
    },
  ];
}

function nextCommands(id: string, isFormatted: boolean): Told['next'] {
  return [
    ...(isFormatted ? [] : [{ command: 'npm run format', why: 'the formatter could not be run' }]),
    {
      command: `npx vitest run test/structure.test.ts -t "provider ${id}"`,
      why: 'the list of what is to be filled in',
    },
    { command: `npx vitest run ${id}`, why: 'its own tests, which fail until then' },
    { command: 'npm run nango:manifest && npm run docs', why: 'the generated documents, when it is all there' },
    { command: 'npx vitest run test/conformance/page.test.ts -u', why: 'its part of docs/conformance.md' },
    { command: 'npm run check:static && npm test', why: 'the whole' },
  ];
}
