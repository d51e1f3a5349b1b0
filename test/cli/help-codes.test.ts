import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { errorCodes } from '../../schemas/error-codes.js';
import { outcomeStatuses, warningSchema } from '../../schemas/outcome.js';
import { codeHint, withCode } from '../../src/cli/code-hint.js';
import { allCodes, codeGroups, explanationsOf } from '../../src/cli/codes/all-codes.js';
import { commandList } from '../../src/cli/command-list.js';
import { exitCode } from '../../src/cli/exit-code.js';
import { guardNames } from '../../src/jobs/job.js';
import { errorText, runCli } from './command-line.js';

/** Codes as they stand in the code that finds something. */
function findingCodes(): string[] {
  const sources = globSync([
    'src/lint/*.ts',
    'src/core/mapping/{check-mapping,overlay,input-size}.ts',
    'src/spec/*.ts',
  ]);
  const text = sources.map((file) => readFileSync(file, 'utf8')).join('\n');
  const found = [...text.matchAll(/code: '([a-z_]+)'|whole\('([a-z]+)'/g)].map(
    ([, code, other]) => code ?? other ?? '',
  );
  return [...new Set(found)].sort();
}

describe('every code has an explanation, and every explanation a code', () => {
  it.each([
    ['error', Object.keys(errorCodes)],
    ['outcome', Object.keys(outcomeStatuses)],
    ['note', warningSchema.shape.code.options],
    ['guard', [...guardNames]],
    ['finding', findingCodes()],
    ['exit code', Object.values(exitCode).map(String)],
  ])('%s', (kind, codes) => {
    const explained = codeGroups.find((group) => group.kind === kind)?.codes ?? {};
    expect(Object.keys(explained).sort()).toEqual([...codes].sort());
  });

  it('no code is the name of a command, which help would show instead', () => {
    const commands = commandList.flatMap(({ name, alias = name }) => [name, alias]);
    expect(allCodes().filter(({ code }) => commands.includes(code))).toEqual([]);
  });
});

describe('an error', () => {
  it.each(Object.keys(errorCodes))('%s has causes, remedies, whether it is tried again, and an example', (code) => {
    const [error] = explanationsOf(code);
    expect(error?.kind).toBe('error');
    for (const lines of [error?.causes, error?.remedy]) expect(lines?.length).toBeGreaterThan(0);
    expect(error?.later).toMatch(/^(Yes|No|Only)\b.+\.$/);
    expect(error?.example).toContain('\n');
  });
});

describe('customer-sync help', () => {
  it('explains an error and the outcome of the same name', async () => {
    const { stdout, stderr, code } = await runCli(['help', 'conflict']);
    expect(stdout.split('\n').filter((line) => /^\S/.test(line))).toEqual([
      `conflict (error): ${errorCodes.conflict}`,
      `conflict (outcome): ${outcomeStatuses.conflict}`,
    ]);
    for (const title of ['Usual causes', 'What to do', 'Is it tried again?', 'Example'])
      expect(stdout).toContain(`\n  ${title}\n    `);
    expect([stderr, code]).toEqual(['', 0]);
  });

  it('codes lists every code', async () => {
    const { stdout, code } = await runCli(['help', 'codes']);
    const lines = stdout.split('\n').map((line) => line.trim().replace(/ {2,}/, ': '));
    expect(lines).toEqual(expect.arrayContaining(allCodes().map(({ code: name, meaning }) => `${name}: ${meaning}`)));
    expect(code).toBe(0);
  });

  it('codes --json prints every code for programs', async () => {
    const { stdout } = await runCli(['help', 'codes', '--json']);
    const listed = z
      .array(z.object({ code: z.string(), kind: z.string(), meaning: z.string() }))
      .parse(JSON.parse(stdout));
    expect(listed.map(({ code }) => code)).toEqual(allCodes().map(({ code }) => code));
  });

  it.each(['dry-run', 'plan', 'ledger', 'help'])('%s shows how the command is used', async (command) => {
    const [asked, help] = [await runCli(['help', command]), await runCli([command, '--help'])];
    expect(asked.stdout).toContain('Usage: customer-sync');
    expect(asked).toEqual(help);
  });

  it('without a word shows what --help does', async () => {
    expect(await runCli(['help'])).toEqual(await runCli(['--help']));
  });

  it('suggests the nearest when there is no such command or code', async () => {
    expect(await runCli(['help', 'rejcted'])).toEqual({
      stdout: '',
      stderr: errorText(
        'config',
        'there is no command and no code "rejcted" (did you mean "rejected"?)',
        'customer-sync --help lists the commands, customer-sync help codes the codes.',
      ),
      code: 2,
    });
  });

  it('refuses --json for a command', async () => {
    const { stderr, code } = await runCli(['help', 'apply', '--json']);
    expect(stderr).toContain('error (config): the help of a command has no JSON');
    expect(code).toBe(2);
  });
});

describe('the hint behind what was printed', () => {
  it.each([
    [[], ''],
    [['rejected', 'rejected'], '"customer-sync help rejected" explains the code.'],
    [['rejected', 'auth'], '"customer-sync help <code>" explains the codes: auth, rejected.'],
  ])('for %j', (codes, hint) => {
    expect(codeHint(new Set(codes))).toBe(hint);
  });

  it('a message names its code', () => {
    expect(withCode('Lago answered 401 to get', 'auth')).toBe('Lago answered 401 to get [auth]');
  });
});
