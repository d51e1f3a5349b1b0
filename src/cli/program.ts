import { Command } from 'commander';
import { type CommandContext, commandList } from './command-list.js';

/**
 * The program with all commands, of which the one that the arguments name is complete; the others are their names.
 * @param args as typed behind the program's name.
 */
export async function createProgram(context: CommandContext, args: readonly string[]): Promise<Command> {
  const { console, version } = context;
  const program = new Command('customer-sync')
    .description('One canonical customer, upserted into every billing system.')
    .version(version)
    .configureOutput({
      writeOut: (text) => console.stdout.write(text),
      writeErr: (text) => console.stderr.write(text),
    })
    .showHelpAfterError('(--help shows the options)')
    .showSuggestionAfterError()
    .exitOverride();
  const wanted = commandsNamed(args);
  for (const { name, alias, description, load } of commandList) {
    const command = program.command(name).description(description);
    if (alias !== undefined) command.alias(alias);
    if (wanted.some((word) => word === name || word === alias)) await load(command, context);
  }
  // Set after the commands, which would inherit it: their own commands are listed with their arguments.
  program.configureHelp({ subcommandTerm: (command) => [command.name(), ...command.aliases()].join('|') });
  program.addHelpText(
    'after',
    `
Keys and base URLs come from the environment: RECHARGE_API_KEY, LAGO_API_KEY, ...
("customer-sync providers" names them).

What a code in a message means: customer-sync help <code>, customer-sync help codes.

Exit codes: 0 done, 1 some customers failed, 2 wrong usage or configuration,
3 changes exist (dry-run --exit-code), 130 and 143 interrupted.`,
  );
  return program;
}

/** The program's own options take no value, so the first word is the command. `help` speaks of another one. */
function commandsNamed(args: readonly string[]): readonly string[] {
  const words = args.filter((arg) => !arg.startsWith('-'));
  return words.slice(0, words[0] === 'help' ? 2 : 1);
}
