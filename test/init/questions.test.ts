import { copyFileSync, readdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it, type TestContext } from 'vitest';
import { builtInProviders } from '../../integrations/registry.js';
import { canAsk } from '../../src/cli/init/questions.js';
import { readConfiguration } from '../../src/config/read-configuration.js';
import { folderWith } from '../cli/command-line.js';
import { openTerminal } from '../cli/terminal.js';

const home = process.cwd();
afterEach(() => process.chdir(home));

/** A folder with `crm.csv`, in which the program runs. */
function enterFolder(ending: TestContext): string {
  const folder = folderWith({ 'package.json': '{}' }, ending);
  copyFileSync(resolve('examples/crm-export.csv'), `${folder}/crm.csv`);
  process.chdir(folder);
  return folder;
}

/** Keys of a keyboard. */
const enter = '\r';
const down = '\u001b[B';
const space = ' ';
const interrupt = '\u0003';

const asking = { TERM: 'xterm' };

describe('customer-sync init on a terminal', () => {
  it('asks where customers are and where they go, and writes both files', async (ending) => {
    const folder = enterFolder(ending);
    writeFileSync(`${folder}/people.json`, '[{"id": "1"}]');
    const terminal = openTerminal({ ...asking, AUTUMN_SECRET_KEY: 'am_sk_test_1' });
    const ended = terminal.run(['init']);
    await terminal.shows('Where are your customers?');
    await terminal.shows('crm.csv');
    await terminal.shows('people.json');
    await terminal.shows('In another file');
    expect(terminal.stderr()).not.toContain('package.json');
    terminal.type(enter);
    await terminal.shows('Where do they go?');
    await terminal.shows('AUTUMN_SECRET_KEY is set');
    terminal.type(space + enter);
    expect(await ended).toBe(0);
    const { sources, jobs } = readConfiguration(`${folder}/customer-sync.yaml`).settings;
    expect(sources).toHaveProperty('crm');
    // The first of the list was added to the one whose key is there.
    expect(jobs?.['crm']?.to).toEqual(expect.arrayContaining([builtInProviders[0]?.definition.id, 'autumn']));
    expect(terminal.stdout()).toContain('Written: customer-sync.yaml, crm.mapping.json');
  });

  it('asks for the table of a database', async (ending) => {
    const folder = enterFolder(ending);
    const database = new DatabaseSync(`${folder}/crm.db`);
    database.exec('CREATE TABLE accounts (id INTEGER, email TEXT); CREATE TABLE people (id INTEGER, email TEXT);');
    database.exec("INSERT INTO people VALUES (1, 'a@example.com'), (2, 'b@example.com')");
    database.close();
    const terminal = openTerminal(asking);
    const ended = terminal.run(['init', '--from', 'crm.db', '--to', 'lago']);
    await terminal.shows('In which table?');
    terminal.type(down + enter);
    expect(await ended).toBe(0);
    expect(readConfiguration(`${folder}/customer-sync.yaml`).settings.sources).toHaveProperty('people');
  });

  it('asks nothing that options say', async (ending) => {
    enterFolder(ending);
    const terminal = openTerminal(asking);
    expect(await terminal.run(['init', '--from', 'crm.csv', '--to', 'lago'])).toBe(0);
    expect(terminal.stderr()).toBe('');
  });

  it('asks nothing, and writes the mapping alone, when --out names it', async (ending) => {
    const folder = enterFolder(ending);
    const terminal = openTerminal(asking);
    expect(await terminal.run(['init', '--from', 'crm.csv', '--out', 'my.json'])).toBe(0);
    expect(readdirSync(folder).sort()).toEqual(['crm.csv', 'my.json', 'package.json']);
    expect(terminal.stderr()).toBe('');
  });

  it.for(['Where are your customers?', 'Where do they go?'])(
    'ends with 130 at Ctrl-C at "%s", and nothing is written',
    async (question, ending) => {
      const folder = enterFolder(ending);
      const terminal = openTerminal(asking);
      const ended = terminal.run(['init']);
      await terminal.shows('Where are your customers?');
      if (question !== 'Where are your customers?') {
        terminal.type(enter);
        await terminal.shows(question);
      }
      terminal.type(interrupt);
      expect(await ended).toBe(130);
      expect(terminal.stderr()).toMatch(/Nothing was written\.\n$/);
      expect(terminal.stdout()).toBe('');
      expect(readdirSync(folder).sort()).toEqual(['crm.csv', 'package.json']);
    },
  );

  it('ends with 130 when the terminal goes away', async (ending) => {
    const folder = enterFolder(ending);
    const terminal = openTerminal(asking);
    const ended = terminal.run(['init']);
    await terminal.shows('Where are your customers?');
    terminal.hangUp();
    expect(await ended).toBe(130);
    expect(readdirSync(folder).sort()).toEqual(['crm.csv', 'package.json']);
  });

  it('says at once, before any question, that the configuration is there', async (ending) => {
    const folder = enterFolder(ending);
    writeFileSync(`${folder}/customer-sync.yaml`, '');
    const terminal = openTerminal(asking);
    expect(await terminal.run(['init'])).toBe(2);
    expect(terminal.stderr()).toContain('customer-sync.yaml is there already');
    expect(terminal.stderr()).not.toContain('Where');
  });

  it('takes a variable that is not set for no answer', async (ending) => {
    const folder = enterFolder(ending);
    const terminal = openTerminal(asking);
    const ended = terminal.run(['init']);
    await terminal.shows('Where are your customers?');
    terminal.type(down + down + enter);
    await terminal.shows('Which variable of the environment holds its URL');
    terminal.type(enter);
    await terminal.shows('DATABASE_URL is not set');
    terminal.type(interrupt);
    expect(await ended).toBe(130);
    expect(readdirSync(folder).sort()).toEqual(['crm.csv', 'package.json']);
  });

  it('asks nothing on a terminal that is no column wide', () => {
    const stream = () => Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
    const console = { env: asking, stdin: stream(), stdout: stream(), stderr: stream() };
    expect(canAsk(console)).toBe(true);
    expect(canAsk({ ...console, stderr: Object.assign(stream(), { columns: 0 }) })).toBe(false);
  });

  it.for([{ TERM: 'dumb' }, { TERM: 'xterm', CI: 'true' }])('asks nothing with %j', async (env, ending) => {
    enterFolder(ending);
    const terminal = openTerminal(env);
    expect(await terminal.run(['init'])).toBe(2);
    expect(terminal.stderr()).toContain('--from is missing, and there is no terminal to ask on');
  });
});
