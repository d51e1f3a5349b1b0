import type { ProviderDefinition } from '../../../schemas/definition.js';
import { configurationFile } from '../../config/read-configuration.js';
import { type Place, usualUrlVariable } from '../../init/place.js';
import type { Console } from '../console.js';
import { programName } from '../program-name.js';
import { printable } from '../report/values.js';

/** A variable that has to be set before a command can do its work. */
export interface NeededVariable {
  readonly name: string;
  readonly is_set: boolean;
  /** What it holds, and where that is found. */
  readonly holds: string;
}

/** What to do with what was written. */
export interface NextSteps {
  readonly variables: readonly NeededVariable[];
  readonly commands: readonly { readonly command: string; readonly does: string }[];
}

/** After a mapping alone. Payloads of the first provider show what it makes of the file. */
export function stepsAfterMapping(
  console: Console,
  files: { readonly from: string; readonly mapping: string },
): NextSteps {
  return {
    variables: [],
    commands: [{ command: offlineCommand(console, files, 'lago'), does: 'shows payloads; needs no key' }],
  };
}

interface SetUp {
  readonly place: Place;
  readonly from: string;
  readonly mapping: string;
  readonly configuration: string;
  readonly job: string;
  readonly to: readonly ProviderDefinition[];
}

export function stepsAfterSetUp(console: Console, setUp: SetUp): NextSteps {
  const { place, from, mapping, configuration, job, to } = setUp;
  const { env } = console;
  const program = programName(console);
  const config = configuration === configurationFile ? '' : ` --config ${shellWord(configuration)}`;
  const keys = to.map(({ name, auth, docs }) => ({
    name: auth.env,
    is_set: Boolean(env[auth.env]),
    holds: `a key of ${name}. ${auth.where ?? `See ${docs}.`}`,
  }));
  const commands = [
    { command: `${program} doctor${config}`, does: 'checks the files, the keys and the source' },
    { command: `${program} dry-run --job ${job}${config}`, does: 'shows what would change; reads only' },
    {
      command: `${program} run ${job} --first-run${config}`,
      does: 'creates and updates them; later runs go without --first-run',
    },
  ];
  const isKeyMissing = keys.some(({ is_set: isSet }) => !isSet);
  const [first] = to;
  const withoutKey =
    place.kind === 'file' && isKeyMissing && first !== undefined
      ? [
          {
            command: offlineCommand(console, { from, mapping }, first.id),
            does: 'shows payloads before there is a key',
          },
        ]
      : [];
  return { variables: [...urlVariable(place, env), ...keys], commands: [...withoutKey, ...commands] };
}

function urlVariable(place: Place, env: Console['env']): NeededVariable[] {
  if (place.kind !== 'postgres') return [];
  const [, name] = /^\$\{env:(.+)\}$/.exec(place.written) ?? [];
  if (name === undefined) return [];
  const holds =
    name === usualUrlVariable && env[name] !== place.url
      ? 'the URL that was given with --from: it has a password in it, so the configuration names a variable.'
      : 'the URL of the database.';
  return [{ name, is_set: env[name] === place.url, holds }];
}

export function stepsText({ variables, commands }: NextSteps): string {
  const missing = variables.filter(({ is_set: isSet }) => !isSet);
  return [
    ...missing.map(({ name, holds }) => `Set ${name} in the environment to ${holds}`),
    ...(missing.length > 0 ? [''] : []),
    'Next:',
    ...commands.flatMap(({ command, does }) => [printable(`  ${command}`), `      ${does}`]),
  ].join('\n');
}

function offlineCommand(console: Console, { from, mapping }: { from: string; mapping: string }, to: string): string {
  const program = programName(console);
  return `${program} dry-run ${shellWord(from)} --source-mapping ${shellWord(mapping)} --to ${to} --offline`;
}

/** A path with spaces in it as a shell wants it. */
function shellWord(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
