import { PassThrough } from 'node:stream';
import type { Argument, Command, Option } from 'commander';
import { exitCodeExplanations } from '../../src/cli/codes/exit-codes.js';
import { commandList } from '../../src/cli/command-list.js';
import { createProgram } from '../../src/cli/program.js';
import type { Provider } from '../../src/core/connector.js';
import { environmentVariables } from './environment.js';
import { code, codes, plain, table } from './markdown.js';

/** The program as it is for these arguments, printing to nowhere. */
export function silentProgram(args: readonly string[]): Promise<Command> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  return createProgram({ console: { env: {}, stdin, stdout, stderr }, version: '0.0.0', finish: () => {} }, args);
}

/** `docs/cli.md`: every command, argument, option, exit code and environment variable. */
export async function cliDocument(providers: readonly Provider[]): Promise<string> {
  const commands = (await Promise.all(commandList.map(({ name }) => commandsBelow(name)))).flat();
  return `# The command line

Generated from the program by \`npm run docs\`; a test fails when it is out of date. In a clone of the project the program is
\`npm run customer-sync --\`; where the package is installed, \`npx customer-sync\`. Data goes to standard output and talk to
standard error. Every command has \`--help\`; \`customer-sync --version\` prints the version.

${table(
  ['command', 'what it does'],
  commands.map((command) => [`[${code(nameOf(command))}](#${anchorOf(command)})`, plain(command.description())]),
)}

## Exit codes

${table(
  ['code', 'meaning'],
  Object.entries(exitCodeExplanations).map(([number, { meaning }]) => [code(number), plain(meaning)]),
)}

## Environment variables

${table(
  ['variable', 'what it is'],
  environmentVariables(providers).map(({ name, what }) => [code(name), plain(what)]),
)}

${commands.map(commandSection).join('\n\n')}
`;
}

/** A command, complete, and its own commands. */
async function commandsBelow(name: string): Promise<readonly Command[]> {
  const program = await silentProgram([name]);
  const command = program.commands.find((one) => one.name() === name);
  return command === undefined ? [] : [command, ...command.commands];
}

/** With its parent's, as in `ledger forget`. */
function nameOf(command: Command): string {
  const isTop = command.parent?.parent === null;
  return isTop || command.parent === null ? command.name() : `${command.parent.name()} ${command.name()}`;
}

function anchorOf(command: Command): string {
  return nameOf(command).replaceAll(' ', '-');
}

function commandSection(command: Command): string {
  const [usage = ''] = command.helpInformation().split('\n');
  const options = command.options.filter(({ hidden }) => !hidden);
  const { talk, examples } = afterHelp(command);
  return [
    `## ${nameOf(command)}`,
    sentence(plain(command.description())),
    `\`\`\`text\n${usage.replace('Usage: ', '')}\n\`\`\``,
    ...(command.registeredArguments.length === 0
      ? []
      : [table(['argument', 'what it is'], command.registeredArguments.map(argumentRow))]),
    ...(options.length === 0 ? [] : [table(['option', 'what it does', 'default'], options.map(optionRow))]),
    ...talk,
    ...(examples.length === 0 ? [] : [`\`\`\`sh\n${examples.join('\n')}\n\`\`\``]),
  ].join('\n\n');
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function argumentRow(argument: Argument): string[] {
  const name = argument.variadic ? `${argument.name()}...` : argument.name();
  const need = argument.required ? '' : '; may be left out';
  return [code(name), `${plain(argument.description)}${choicesOf(argument)}${need}`];
}

function optionRow(option: Option): string[] {
  const inWords = / \(default: ([^)]+)\)$/.exec(option.description)?.[1];
  const what = option.description.replace(/ \(default: [^)]+\)$/, '');
  const need = option.mandatory ? '; must be given' : '';
  return [code(option.flags), `${plain(what)}${choicesOf(option)}${need}`, inWords ?? defaultOf(option)];
}

function choicesOf({ argChoices }: { readonly argChoices?: string[] | undefined }): string {
  return argChoices === undefined ? '' : `; one of ${codes(argChoices)}`;
}

function defaultOf({ defaultValue, defaultValueDescription }: Option): string {
  if (defaultValueDescription !== undefined) return defaultValueDescription;
  return defaultValue === undefined || defaultValue === false ? '–' : code(String(defaultValue));
}

/** What stands behind the options in the help: paragraphs, and the examples as they are typed. */
function afterHelp(command: Command): { readonly talk: readonly string[]; readonly examples: readonly string[] } {
  let text = '';
  const write = (part: string) => {
    text += part;
  };
  command.configureOutput({ writeOut: write, writeErr: write });
  command.outputHelp();
  const [talk = '', examples = ''] = text.slice(command.helpInformation().length).split(/^Examples?:$/m);
  return {
    talk: talk
      .split('\n\n')
      .map((paragraph) => plain(paragraph.trim()))
      .filter((paragraph) => paragraph !== ''),
    examples: examples
      .split('\n')
      .map((line) => line.replace(/^ {2}/, ''))
      .filter((line) => line !== ''),
  };
}
