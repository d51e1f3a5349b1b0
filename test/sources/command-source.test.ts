import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { SourceSettingsOf } from '../../schemas/configuration.js';
import type { SourceRow } from '../../src/runner/row.js';
import { openCommand } from '../../src/sources/command/open-command.js';
import { folderWith } from '../cli/command-line.js';

type Settings = Partial<SourceSettingsOf<'command'>>;

const node = (script: string, ...args: string[]) => [process.execPath, '-e', script, ...args];

function open(script: string, settings: Settings = {}, directory = process.cwd()) {
  return openCommand({
    name: 'crm',
    settings: { type: 'command', command: node(script), ...settings },
    directory,
    env: { PATH: process.env['PATH'], LAGO_API_KEY: 'not-for-others' },
    sourceMapping: undefined,
    normalise: undefined,
    version: 'v',
  });
}

async function valuesOf(rows: AsyncIterable<SourceRow> = Readable.from([])) {
  const values = [];
  for await (const { value } of rows) values.push(value);
  return values;
}

describe('customers from a command', () => {
  it('are the lines that it prints, and it is run for each reading', async () => {
    const source = open(`console.log('{"id":"a"}\\n{"id":"b"}')`);
    expect(source.complete).toBe(true);
    expect(await valuesOf(source.rows())).toEqual([{ id: 'a' }, { id: 'b' }]);
    expect(await valuesOf(source.rows())).toEqual([{ id: 'a' }, { id: 'b' }]);
  });

  it('that cannot be read are rows with a problem', async () => {
    const rows = [];
    for await (const row of open(`console.log('{"id":"a"}\\nnonsense')`).rows()) rows.push(row);
    expect(rows[1]).toMatchObject({
      at: 'crm line 2',
      problems: [{ message: expect.stringContaining('is not valid JSON') }],
    });
  });

  it('see no shell, the folder of the configuration, and no secret of this program', async ({ onTestFinished }) => {
    const directory = folderWith({}, { onTestFinished });
    const script = `const { LAGO_API_KEY, TOKEN } = process.env;
      console.log(JSON.stringify({ id: process.cwd(), name: process.argv[1], metadata: { LAGO_API_KEY, TOKEN } }))`;
    const command = node(script, '$(echo x); `y`');
    expect(await valuesOf(open('', { command, env: { TOKEN: 't' } }, directory).rows())).toEqual([
      { id: directory, name: '$(echo x); `y`', metadata: { TOKEN: 't' } },
    ]);
  });

  it('are fetched by id with a command of its own, which gets the ids', async () => {
    const byIds = node(
      `process.stdin.on('data', (ids) => { for (const id of String(ids).trim().split('\\n')) console.log(JSON.stringify({ id })) })`,
    );
    expect(await valuesOf(open('', { by_ids: byIds }).byIds?.(['a', 'b c']))).toEqual([{ id: 'a' }, { id: 'b c' }]);
  });

  it('come as they are printed, and the command is ended when nobody reads on', async ({ onTestFinished }) => {
    const directory = folderWith({}, { onTestFinished });
    const script = `process.on('SIGTERM', () => { require('fs').writeFileSync('ended', ''); process.exit() });
      setInterval(() => console.log('{"id":"a"}'), 5)`;
    for await (const _ of open(script, {}, directory).rows()) break;
    await expect.poll(() => existsSync(join(directory, 'ended')), { timeout: 5000 }).toBe(true);
  });
});

describe('a command that is read slowly', () => {
  it('is not taken for one that hangs', async () => {
    const script = `for (let i = 0; i < 20000; i++) console.log(JSON.stringify({ id: 'c-' + i, name: 'x'.repeat(20) }))`;
    let rows = 0;
    for await (const _ of open(script, { timeout: '1s' }).rows()) {
      rows += 1;
      if (rows === 1) await new Promise((done) => setTimeout(done, 1200));
    }
    expect(rows).toBe(20_000);
  });
});

describe('a command that fails', () => {
  it('is an error with its exit code and the last lines it said, after the rows it printed', async () => {
    const script = `console.log('{"id":"a"}'); for (let i = 1; i < 9; i++) console.error('line ' + i); process.exitCode = 3`;
    const seen: unknown[] = [];
    const reading = async () => {
      for await (const { value } of open(script).rows()) seen.push(value);
    };
    await expect(reading()).rejects.toThrow(
      `crm: ${process.execPath} ended with exit code 3: line 4 | line 5 | line 6 | line 7 | line 8`,
    );
    expect(seen).toEqual([{ id: 'a' }]);
  });

  it('does not print the secrets it was given', async () => {
    const source = open(`console.error('bad token ' + process.env.TOKEN); process.exit(1)`, {
      env: { TOKEN: 'hunter2' },
    });
    await expect(valuesOf(source.rows())).rejects.toThrow(/exit code 1: bad token \*\*\*$/);
  });

  it('does not print the end of a secret either, where what it said is cut', async () => {
    const script = `process.stderr.write(process.env.TOKEN + '.'.repeat(1990)); process.exitCode = 1`;
    const source = open(script, { env: { TOKEN: 'correct-horse-battery-staple' } });
    const error = await valuesOf(source.rows()).catch(String);
    expect(error).toContain('exit code 1: ***....');
    expect(error).not.toContain('staple');
  });

  it('does not print what is left of a secret that begins with another one', async () => {
    const source = open(`console.error(process.env.LONG); process.exitCode = 1`, {
      env: { SHORT: 'token', LONG: 'token-and-more' },
    });
    await expect(valuesOf(source.rows())).rejects.toThrow(/exit code 1: \*\*\*$/);
  });

  it.each([
    ['is not there', { command: ['/no/such/program'] }, 'crm: /no/such/program cannot be started (ENOENT)'],
    ['hangs', { command: node('setInterval(() => {}, 1000)'), timeout: '1s' }, 'printed nothing for 1 s'],
    ['is killed', { command: node(`process.kill(process.pid, 'SIGKILL')`) }, 'was ended by SIGKILL'],
  ])('because it %s is an error', async (_, settings, expected) => {
    await expect(valuesOf(open('', settings).rows())).rejects.toThrow(expected);
  });
});
