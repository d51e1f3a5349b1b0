import { readFileSync } from 'node:fs';
import { describe, it } from 'vitest';
import { folderWith, runCli, startProviders } from './command-line.js';

const readme = readFileSync('README.md', 'utf8');
const blocksOf = (language: string) =>
  [...readme.matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, name, text = '']) => (name === language ? [text] : []));

/** The arguments behind `npm run customer-sync --`. */
function argumentsOf(command: string): string[] {
  return command.replace(/^(\$ )?npm run (-s )?customer-sync -- /, '').split(' ');
}

/** Ports differ from run to run. */
function withoutPorts(text: string): string {
  return text.replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:0');
}

describe('README', () => {
  it('shows what the program prints', async ({ expect, onTestFinished }) => {
    const { env } = await startProviders(['lago'], { onTestFinished });
    const blocks = blocksOf('text').map((block) => block.replace(/\\\n\s+/g, ''));
    const runs = blocks.flatMap((block) => block.split(/^(?=\$ )/m).map((run) => run.split('\n')));
    expect(runs.length).toBeGreaterThan(1);
    for (const [command = '', ...shown] of runs) {
      const { stdout, stderr } = await runCli(argumentsOf(command), { env });
      const printed = withoutPorts(stdout);
      // Each part between two ellipses stands in the output as it is.
      for (const part of withoutPorts(shown.join('\n')).split(/^\.\.\.\n/m)) expect(printed).toContain(part);
      expect(stderr).toBe('');
    }
  });

  it('has commands that can be run as they are', async ({ expect, onTestFinished }) => {
    const overlay = blocksOf('json')[0] ?? '';
    const folder = folderWith({ 'escape-ids.json': overlay }, { onTestFinished });
    const commands = blocksOf('sh')
      .flatMap((block) => block.split('\n'))
      .filter((line) => line.startsWith('npm run customer-sync -- '));
    expect(commands).toHaveLength(3);
    for (const command of commands) {
      // What a command writes goes to a folder of its own; what it reads comes from the project.
      const args = argumentsOf(command).map((arg) => arg.replace(/(?=my-crm\.|escape-ids\.)/, `${folder}/`));
      const { stderr, code } = await runCli(args);
      expect(stderr).not.toContain('error');
      // Two customers of the example are invalid.
      expect(code).toBe(command.includes('customers.jsonl') ? 1 : 0);
    }
  });
});
