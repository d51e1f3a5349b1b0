import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { copiedFunctions } from '../../src/nango-project/copied-functions.js';
import { errorText, runCli } from '../cli/command-line.js';
import { copyProject, type ProjectCopy } from './project-copy.js';

let clone: ProjectCopy;
beforeAll(() => {
  clone = copyProject();
});
afterAll(() => clone.remove());

const id = 'chart-mogul';
const newFiles = [
  `emulators/${id}.ts`,
  ...copiedFunctions.map((path) => `integrations/${id}/${path}`),
  `integrations/${id}/connector.ts`,
  `integrations/${id}/functions.ts`,
  ...['definition.ts', 'fields.ts', 'mapping.json', 'traps.md', 'wire.ts'].map((path) => `providers/${id}/${path}`),
  `test/conformance/${id}.test.ts`,
  `test/emulators/${id}.test.ts`,
  `test/integrations/${id}-connector.test.ts`,
].sort();
const sharedFiles = [
  'integrations/catalogue.ts',
  'integrations/index.ts',
  'integrations/registry.ts',
  'test/conformance/accounts.ts',
  'test/core/mapping/stored-records.ts',
  'test/core/upsert/flow.ts',
  'test/nango/providers-under-test.ts',
  'test/providers/operations.test.ts',
  'test/providers/provider-fields-arbitrary.ts',
];
const toldSchema = z.object({
  written: z.boolean(),
  files: z.array(z.string()),
  changed: z.array(z.string()),
  by_hand: z.array(z.object({ path: z.string(), add: z.string() })),
  next: z.array(z.object({ command: z.string(), why: z.string() })),
});
const newProvider = (...args: readonly string[]) => runCli(['new-provider', ...args], { cwd: clone.path });
const read = (path: string) => readFileSync(join(clone.path, path), 'utf8');

describe('before anything is written', () => {
  it('--dry-run lists every file and writes none', async () => {
    const { stdout, stderr, code } = await newProvider(id, '--dry-run');
    for (const path of newFiles) expect(stdout).toContain(`  + ${path}\n`);
    for (const path of sharedFiles) expect(stdout).toContain(`  ~ ${path}\n`);
    expect(stdout).toContain('Would be written:');
    expect([stderr, code]).toEqual(['', 0]);
    expect(readdirSync(join(clone.path, 'providers'))).not.toContain(id);
    expect(read('integrations/registry.ts')).toBe(readFileSync('integrations/registry.ts', 'utf8'));
  });

  it.each([
    ['lago', 'the provider "lago" cannot be added: providers/lago is there already'],
    ['server', 'the provider "server" cannot be added: emulators/server.ts is there already'],
    ['Lago', '"Lago" cannot be the id of a provider'],
    ['a', '"a" cannot be the id of a provider'],
    ['../up', '"../up" cannot be the id of a provider'],
    ['two--hyphens', '"two--hyphens" cannot be the id of a provider'],
    ['default', '"default" cannot be the id of a provider'],
  ])('refuses the id %s', async (wrong, message) => {
    const { stdout, stderr, code } = await newProvider(wrong);
    expect(stderr).toContain(`error (config): ${message}\n`);
    expect([stdout, code]).toEqual(['', 2]);
  });

  it('refuses a name that would end the text around it', async () => {
    const { stderr, code } = await newProvider(id, '--name', "It's");
    expect(stderr).toContain('--name is no name that can stand in code and documents');
    expect(code).toBe(2);
  });

  it('leads to the example of an own provider where there is no clone', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'customer-sync-'));
    onTestFinished(() => rmSync(elsewhere, { recursive: true }));
    writeFileSync(join(elsewhere, 'package.json'), '{"name":"somebody-elses"}');
    expect(await runCli(['new-provider', id], { cwd: elsewhere })).toEqual({
      stdout: '',
      stderr: errorText(
        'config',
        'new-provider adds to the source of customer-sync, and this folder is in no clone of it',
        'A program of your own needs none: it passes its provider to createRunner, as examples/own-provider in the package shows.',
      ),
      code: 2,
    });
  });
});

// Other programs are started here, on a machine that may be busy.
describe('what is written', { timeout: 60_000 }, () => {
  it('is every file, and says so as JSON, with what is left to a person and the next command', async () => {
    const { stdout, stderr, code } = await newProvider(id, '--name', 'ChartMogul', '--json');
    const told = toldSchema.parse(JSON.parse(stdout));
    expect([...told.files].sort()).toEqual(newFiles);
    expect([...told.changed].sort()).toEqual(sharedFiles);
    expect(told.written).toBe(true);
    expect(told.by_hand.map(({ path }) => path)).toEqual(['README.md', 'CHANGELOG.md', 'docs/nango.md']);
    expect(told.next[0]?.command).toBe(`npx vitest run test/structure.test.ts -t "provider ${id}"`);
    expect([stderr, code]).toEqual(['', 0]);
    for (const path of [...newFiles, ...sharedFiles]) expect(read(path)).not.toMatch(/\{\{|__id__/);
    expect(read('integrations/registry.ts')).toMatch(/\[[^\]]*\bautumn\b[^\]]*\bchartMogul,?\s*\]/);
  });

  it('compiles', async () => {
    const files = [...newFiles, ...sharedFiles].filter((path) => path.endsWith('.ts'));
    const config = { extends: './tsconfig.json', include: [], files };
    writeFileSync(join(clone.path, 'tsconfig.new.json'), JSON.stringify(config));
    expect(await clone.run('typescript/bin/tsc', ['-p', 'tsconfig.new.json'])).toEqual({ code: 0, text: '' });
  });

  it('is formatted and passes the linter', async () => {
    const { code, text } = await clone.run('@biomejs/biome/bin/biome', [
      'check',
      '--error-on-warnings',
      ...[...newFiles, ...sharedFiles].filter((path) => /\.(ts|json)$/.test(path)),
    ]);
    expect(text).toContain('No fixes applied');
    expect(code).toBe(0);
  });

  it('has tests that fail, and say what is to be filled in', async () => {
    writeFileSync(join(clone.path, 'vitest.new.mjs'), "export default { test: { include: ['test/**/*.test.ts'] } };");
    const report = ['--reporter', 'json', '--outputFile', 'report.json'];
    const { code } = await clone.run('vitest/vitest.mjs', [
      'run',
      '--config',
      'vitest.new.mjs',
      ...report,
      id,
      'structure',
    ]);
    expect(code).toBe(1);
    const failed = failuresOf(read('report.json'));
    const messages = failed.map(({ message }) => message);
    expect(new Set(failed.map(({ file }) => file))).toEqual(
      new Set([...newFiles.filter((path) => path.endsWith('.test.ts')), 'test/structure.test.ts']),
    );
    for (const { file, message } of failed) {
      if (file !== 'test/structure.test.ts') expect(message).toContain(`FILL IN ${id}`);
    }
    const list = messages.find((message) => message.includes(`providers/${id}/mapping.json:`)) ?? '';
    for (const path of newFiles.filter((name) => read(name).includes('FILL IN'))) expect(list).toContain(`${path}:`);
  });

  it('is not written a second time', async () => {
    const { stderr, code } = await newProvider(id);
    expect(stderr).toContain(`the provider "${id}" cannot be added: providers/${id} is there already`);
    expect(code).toBe(2);
  });
});

const reportSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      assertionResults: z.array(
        z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()) }),
      ),
    }),
  ),
});

function failuresOf(json: string): { readonly file: string; readonly message: string }[] {
  return reportSchema.parse(JSON.parse(json)).testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status, fullName }) => status === 'failed' && /chart-mogul/.test(`${name} ${fullName}`))
      .map(({ failureMessages }) => ({
        file: name.slice(clone.path.length + 1),
        message: failureMessages.join('\n'),
      })),
  );
}
