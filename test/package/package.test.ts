import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startEmulator } from '../../emulators/lago.js';
import { providerIds } from '../cli/command-line.js';
import { execute, type Installation, installPackage, manifest } from './installed.js';
import { startShelf } from './shelf-server.js';

let installed: Installation;

beforeAll(async () => {
  installed = await installPackage();
});
afterAll(() => installed.remove());

function runInstalled(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return execute(process.execPath, args, { cwd: installed.project, env });
}

const binary = () => join(installed.home, manifest.bin['customer-sync']);

async function packedFiles(): Promise<string[]> {
  const { stdout } = await execute('tar', ['-tzf', installed.tarball]);
  return stdout
    .trim()
    .split('\n')
    .map((path) => path.replace('package/', ''));
}

describe('the package', () => {
  it('holds what is run, its types and the files that go with it', async () => {
    const files = await packedFiles();
    expect(files).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'README.md',
        'dist/src/cli/main.js',
        'dist/src/cli/report/html/page.js',
        'dist/src/index.js',
        'dist/src/index.d.ts',
        'docs/images/plan.png',
        'examples/customers.jsonl',
        'schemas/json/customer.schema.json',
        ...providerIds.flatMap((id) => [
          `dist/emulators/${id}.js`,
          `dist/integrations/${id}/connector.js`,
          `dist/nango-copies/${id}/actions/upsert-customers.ts`,
          `dist/providers/${id}/mapping.json`,
          `providers/${id}/mapping.json`,
        ]),
      ]),
    );
  });

  it('holds no test, no source and nothing of the development', async () => {
    const files = await packedFiles();
    const tops = new Set(files.map((path) => path.split('/')[0]));
    expect([...tops].sort()).toEqual([
      'CHANGELOG.md',
      'CONTRIBUTING.md',
      'LICENSE',
      'README.md',
      'SECURITY.md',
      'dist',
      'docs',
      'examples',
      'package.json',
      'providers',
      'schemas',
    ]);
    const source = /\.map$|\.test\.|^dist\/test\/|make-copy|(?<!^examples\/.*|\.d|^dist\/nango-copies\/.*)\.ts$/;
    expect(files.filter((path) => source.test(path))).toEqual([]);
  });

  it('has every file that its README leads to', async () => {
    const files = await packedFiles();
    const text = await readFile('README.md', 'utf8');
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)].map(([, path = '']) => path);
    const missing = links.filter((link) => !files.some((path) => path === link || path.startsWith(`${link}/`)));
    expect(links.length).toBeGreaterThan(10);
    expect(missing).toEqual([]);
  });

  it('is as publint wants it', async () => {
    const tarball = await readFile(installed.tarball);
    const { messages, pkg } = await publint({ pack: { tarball: new Uint8Array(tarball).buffer }, strict: true });
    expect(pkg).toMatchObject({ name: 'customer-sync' });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });
});

describe('installed', () => {
  it('runs the demo', async () => {
    const { stdout, stderr } = await runInstalled([binary(), 'demo']);
    expect(stderr).toBe('');
    expect(stdout).toContain('5. Summary');
    expect(stdout).toMatch(/│ lago +│ +3\d │/);
  });

  it('lints the mappings that come with it', async () => {
    const { stdout } = await runInstalled([binary(), 'lint']);
    expect(stdout).toBe(`${providerIds.length} shipped mappings: nothing found\n`);
  });

  it('finds nothing in the mapping of the example', async () => {
    const { stdout } = await runInstalled([binary(), 'lint', 'shelf.mapping.json']);
    expect(stdout).toBe('1 file: nothing found\n');
  });

  it('leads whoever wants another provider to the example that comes with it', async () => {
    await expect(runInstalled([binary(), 'new-provider', 'acme'])).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('examples/own-provider'),
    });
  });

  it('writes copies of the functions for Nango', async () => {
    const folder = join(installed.project, 'nango-integrations');
    await mkdir(join(folder, '.nango'), { recursive: true });
    await writeFile(join(folder, 'index.ts'), '');
    await runInstalled([binary(), 'nango', 'add', folder, '--as', 'lago']);
    const copy = await readFile(join(folder, 'lago/actions/upsert-customers.ts'), 'utf8');
    expect(copy).toContain('createAction');
  });

  it('gives a program its library, types included, and takes a provider of its own', async () => {
    const lago = await startEmulator({ rateLimits: false });
    onTestFinished(() => lago.close());
    const shelf = await startShelf();
    onTestFinished(() => shelf.close());
    const compiler = join(process.cwd(), 'node_modules/typescript/bin/tsc');
    const options = ['--module', 'nodenext', '--target', 'es2024', '--strict', '--exactOptionalPropertyTypes'];
    await runInstalled([compiler, ...options, '--types', 'node', '--outDir', 'out', 'program.ts', 'shelf.ts']);
    await copyFile('examples/own-provider/shelf.mapping.json', join(installed.project, 'out/shelf.mapping.json'));
    const { stdout } = await runInstalled(['out/program.js'], {
      LAGO_API_KEY: lago.apiKey,
      LAGO_BASE_URL: lago.url,
      SHELF_API_KEY: 'any',
      SHELF_BASE_URL: shelf.url,
    });
    expect(stdout.split('\n')).toEqual([
      'lago: create',
      expect.stringMatching(/^lago: created .+/),
      'shelf: create',
      'shelf: created 1',
      '',
    ]);
    expect(lago.customers()).toMatchObject([{ external_id: 'acct_1042', name: 'Acme GmbH' }]);
    expect(shelf.items.get('acct_1042')).toMatchObject({ name: 'Acme GmbH', email: 'billing@acme.example' });
  });

  it('loads nothing but the parser of the command line to show the help', async () => {
    const hooks = `
      import { registerHooks } from 'node:module';
      registerHooks({
        load(url, context, next) {
          if (!url.startsWith('node:')) process.stderr.write(url + '\\n');
          return next(url, context);
        },
      });`;
    const preload = `data:text/javascript,${encodeURIComponent(hooks)}`;
    const { stdout, stderr } = await runInstalled(['--import', preload, binary(), '--help']);
    expect(stdout).toContain('dry-run|plan');
    const loaded = stderr.trim().split('\n');
    const packages = loaded.filter((url) => !url.includes('/node_modules/customer-sync/'));
    expect([...new Set(packages.map((url) => url.split('/node_modules/').at(-1)?.split('/')[0]))]).toEqual([
      'commander',
    ]);
    expect(loaded.length - packages.length).toBeLessThan(25);
  });
});
