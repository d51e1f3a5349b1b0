import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import nock from 'nock';
import { afterEach, describe, it } from 'vitest';
import { folderWith, runCli, type Stage, startProviders, writesTo } from './command-line.js';
import { openTerminal } from './terminal.js';

const before = '{"id":"a","name":"Ann","phone":"+493012345678"}\n{"id":"b","name":"Bo"}\n';
const after =
  '{"id":"a","name":"Anna","phone":null}\n{"id":"b","name":"Bo"}\n{"id":"c","name":"Cy"}\n{"id":"d","name":""}\n';

/** A provider that holds what the source said before, and the source as it is now. */
async function prepare(ending: { onTestFinished(task: () => void | Promise<void>): void }) {
  const stage = await startProviders(['lago'], ending);
  const folder = folderWith({ 'in.jsonl': after }, ending);
  await runCli(['apply', '-', '--to', 'lago', '--yes'], { env: stage.env, input: before });
  stage.emulator('lago').requests.length = 0;
  return { stage, folder, apply: ['apply', join(folder, 'in.jsonl'), '--to', 'lago'] };
}

function namesAt(stage: Stage): string[] {
  return stage
    .emulator('lago')
    .customers()
    .map((customer) => /"name":"(\w+)"/.exec(JSON.stringify(customer))?.[1] ?? '')
    .sort();
}

const question = 'Go on? [y/N] ';

describe('the question before an apply', () => {
  it('shows the account, what would be done, what is cleared and the side effects', async ({
    expect,
    onTestFinished,
  }) => {
    const { stage, apply } = await prepare({ onTestFinished });
    const terminal = openTerminal(stage.env);
    const ended = terminal.run(apply);
    expect(await terminal.question()).toBe(
      'About to write:\n' +
        `  lago  ${stage.env['LAGO_BASE_URL']} (this machine), key f5eeb194\n` +
        '    1 create, 1 update, 1 unchanged, 1 invalid; 1 field cleared\n' +
        '    effect, 1x: Lago sends the webhook customer.created.\n' +
        '    effect, 1x: Lago sends the webhook customer.updated.\n' +
        '    effect, 1x: Customers linked to a payment provider are updated there as well.\n' +
        '  dry-run shows which customers cannot be written, and why.\n' +
        question,
    );
    expect(terminal.stdout()).toBe('');
    expect(writesTo(stage, 'lago')).toEqual([]);
    terminal.type('n\n');
    await ended;
  });

  it.for(['y\n', 'Y\n', ' yes \n'])('%j writes', async (keys, { expect, onTestFinished }) => {
    const { stage, apply } = await prepare({ onTestFinished });
    const terminal = openTerminal(stage.env);
    const ended = terminal.run(apply);
    await terminal.question();
    terminal.type(keys);
    // One row is invalid.
    expect(await ended).toBe(1);
    expect(namesAt(stage)).toEqual(['Anna', 'Bo', 'Cy']);
    expect(terminal.stdout()).toContain('\nlago: 4 customers: 1 created, 1 updated, 1 unchanged, 1 invalid;');
  });

  it.for(['n\n', 'no\n', '\n', 'yeah\n', '\u0004'])('%j does not', async (keys, { expect, onTestFinished }) => {
    const { stage, apply } = await prepare({ onTestFinished });
    const terminal = openTerminal(stage.env);
    const ended = terminal.run(apply);
    await terminal.question();
    terminal.type(keys);
    expect(await ended).toBe(0);
    expect(terminal.stderr()).toMatch(/\nNothing was written\.\n$/);
    expect(terminal.stdout()).toBe('');
    expect(writesTo(stage, 'lago')).toEqual([]);
    expect(namesAt(stage)).toEqual(['Ann', 'Bo']);
  });

  it('ends with 130 at Ctrl-C, and nothing is written', async ({ expect, onTestFinished }) => {
    const { stage, apply } = await prepare({ onTestFinished });
    const terminal = openTerminal(stage.env);
    const ended = terminal.run(apply);
    await terminal.question();
    terminal.type('\u0003');
    expect(await ended).toBe(130);
    expect(terminal.stderr()).toMatch(/\[y\/N\] \nNothing was written\.\n$/);
    expect(writesTo(stage, 'lago')).toEqual([]);
  });

  it('is answered with no by a terminal that goes away', async ({ expect, onTestFinished }) => {
    const { stage, apply } = await prepare({ onTestFinished });
    const terminal = openTerminal(stage.env);
    const ended = terminal.run(apply);
    await terminal.question();
    terminal.hangUp();
    expect(await ended).toBe(0);
    expect(terminal.stderr()).toMatch(/\[y\/N\] \nNothing was written\.\n$/);
    expect(writesTo(stage, 'lago')).toEqual([]);
  });

  it('is not asked when nothing is to be written; what failed goes to the rejects', async ({
    expect,
    onTestFinished,
  }) => {
    const { stage, folder } = await prepare({ onTestFinished });
    const apply = ['apply', join(folder, 'in.jsonl'), '--to', 'lago', '--id', 'b,d'];
    const rejects = join(folder, 'rejected.jsonl');
    const terminal = openTerminal(stage.env);
    expect(await terminal.run([...apply, '--rejects', rejects])).toBe(1);
    expect(terminal.stderr()).toBe(
      'Nothing to write:\n' +
        `  lago  ${stage.env['LAGO_BASE_URL']} (this machine), key f5eeb194\n` +
        '    1 unchanged, 1 invalid\n' +
        '  dry-run shows which customers cannot be written, and why.\n' +
        `1 customer to mend and feed again: ${rejects}\n`,
    );
    expect(JSON.parse(readFileSync(rejects, 'utf8'))).toMatchObject({ id: 'd' });
    expect(writesTo(stage, 'lago')).toEqual([]);
  });

  it('is not asked with customers from standard input, which could not be read twice', async ({
    expect,
    onTestFinished,
  }) => {
    const { stage } = await prepare({ onTestFinished });
    const terminal = openTerminal(stage.env);
    expect(await terminal.run(['apply', '-', '--to', 'lago'])).toBe(2);
    expect(terminal.stderr()).toContain('apply cannot ask while customers come from standard input\n');
    expect(stage.emulator('lago').requests).toEqual([]);
  });

  it('is not asked with customers from a pipe, which could not be read twice either', async ({
    expect,
    onTestFinished,
  }) => {
    const { stage } = await prepare({ onTestFinished });
    const pipe = join(folderWith({}, { onTestFinished }), 'pipe');
    execFileSync('mkfifo', [pipe]);
    const writing = writeFile(pipe, '{"id":"a"}\n');
    const terminal = openTerminal(stage.env);
    expect(await terminal.run(['apply', pipe, '--to', 'lago'])).toBe(2);
    await writing;
    expect(terminal.stderr()).toContain(`${pipe} can be read only once\n`);
    expect(stage.emulator('lago').requests).toEqual([]);
  });
});

describe('the account in the question', () => {
  afterEach(() => nock.cleanAll());

  it.for([
    ['am_sk_test_1', 'sandbox'],
    ['am_sk_live_1', 'live'],
    ['am_sk_1', 'live or test: the key does not say'],
  ] as const)('with a key that begins as %s is called: %s', async ([key, says], { expect, onTestFinished }) => {
    const absent = { message: 'Customer a not found', code: 'customer_not_found', env: 'sandbox' };
    nock('https://api.useautumn.com').post('/v1/customers.get').reply(404, absent);
    const folder = folderWith({ 'in.jsonl': '{"id":"a","name":"Ann"}\n' }, { onTestFinished });
    const terminal = openTerminal({ AUTUMN_SECRET_KEY: key });
    const ended = terminal.run(['apply', join(folder, 'in.jsonl'), '--to', 'autumn', '--rate-share', '1']);
    const shown = await terminal.question();
    expect(shown).toMatch(/^About to write:\n {2}autumn {2}https:\/\/api\.useautumn\.com\/v1 \(/);
    expect(shown).toContain(` (${says}), key `);
    expect(shown).not.toContain(key);
    terminal.type('n\n');
    expect(await ended).toBe(0);
  });
});
