import type { Command } from 'commander';
import { CustomerSyncError } from '../../core/errors.js';
import { nearest } from '../../core/nearest.js';
import { allCodes, explanationsOf } from '../codes/all-codes.js';
import { codeListText, codeText } from '../codes/code-text.js';
import type { Console } from '../console.js';
import { writeText } from '../output.js';

/** The word that lists all codes. */
const listWord = 'codes';

export function addHelp(command: Command, console: Console): void {
  command
    .argument('[topic]', 'a command, a code such as "rejected", or "codes" for the list of all codes')
    .option('--json', 'print what is said of codes as JSON')
    .addHelpText(
      'after',
      `
Examples:
  customer-sync help dry-run
  customer-sync help rejected
  customer-sync help codes --json`,
    )
    .action(async (topic: string | undefined, { json }: { json?: true }) => {
      const subject = topic === undefined ? command.parent : commandNamed(command, topic);
      if (subject === null || subject === undefined) await printCodes(console, command, topic ?? listWord, json);
      else if (json) throw commandHasNoJson();
      else subject.outputHelp();
    });
}

function commandNamed({ parent }: Command, name: string): Command | undefined {
  return parent?.commands.find((candidate) => candidate.name() === name || candidate.aliases().includes(name));
}

async function printCodes({ stdout }: Console, command: Command, word: string, json: true | undefined): Promise<void> {
  const codes = word === listWord ? allCodes() : explanationsOf(word);
  if (codes.length === 0) throw unknownTopic(command, word);
  if (json) return writeText(stdout, `${JSON.stringify(codes, null, 2)}\n`);
  const text = word === listWord ? codeListText(stdout) : codes.map((one) => codeText(one, stdout)).join('\n');
  return writeText(stdout, text);
}

function unknownTopic({ parent }: Command, word: string): CustomerSyncError {
  const commands = parent?.commands.flatMap((command) => [command.name(), ...command.aliases()]) ?? [];
  const codes = allCodes().map(({ code }) => code);
  return new CustomerSyncError('config', {
    message: `there is no command and no code "${word}"${nearest(word, [...commands, ...codes])}`,
    remedy: 'customer-sync --help lists the commands, customer-sync help codes the codes.',
  });
}

function commandHasNoJson(): CustomerSyncError {
  return new CustomerSyncError('config', {
    message: 'the help of a command has no JSON',
    remedy: 'Leave --json out, or name a code: customer-sync help codes --json.',
  });
}
