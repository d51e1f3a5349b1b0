import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { compileProject } from '../../emulators/nango/compile.js';
import { loadScript } from '../../emulators/nango/runtime.js';
import { makeCopy } from '../../src/nango-project/make-copy.js';
import { type CliResult, folderWith, providerIds, runCli } from '../cli/command-line.js';
import { exec, mockNango, requestsOf } from './mock-nango.js';
import { nangoProject } from './nango-project.js';
import { customer, providersUnderTest } from './providers-under-test.js';

const functionsOf = (id: string) => [
  `import './${id}/actions/upsert-customers.js';`,
  `import './${id}/actions/upsert-customers-batch.js';`,
  `import './${id}/actions/plan-customers.js';`,
  `import './${id}/syncs/customers.js';`,
];

/** Nothing but what `nango add` looks for. */
function emptyProject(files: Readonly<Record<string, string>> = {}): string {
  const folder = folderWith({ 'index.ts': '' }, { onTestFinished });
  mkdirSync(join(folder, '.nango'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

function add(folder: string, ...flags: string[]): Promise<CliResult> {
  return runCli(['nango', 'add', folder, ...flags]);
}

describe('nango add', () => {
  it('explains itself', async () => {
    const { stdout, code } = await runCli(['nango', 'add', '--help']);
    expect(stdout).toMatchInlineSnapshot(`
      "Usage: customer-sync nango add [options] <folder>

      write self-contained copies of the providers' functions into a Nango project

      Arguments:
        folder                  the Nango project: where its index.ts is

      Options:
        --as <provider=id,...>  which providers, under which integration ids:
                                lago=lago-eu,recharge
        --force                 overwrite files that are there in another form
        -h, --help              display help for command

      Prints to standard output what index.ts lacks; index.ts itself is never changed.

      Example:
        customer-sync nango add ./nango-integrations --as lago=lago-eu,recharge >> ./nango-integrations/index.ts
      "
    `);
    expect(code).toBe(0);
  });

  it('puts functions into a project of nango init that compile there and run in Nango’s runtime', async () => {
    const folder = nangoProject({ onTestFinished });
    const { stdout, stderr, code } = await add(folder, '--as', 'lago=lago-eu, recharge = shop 2.0');
    expect(stderr).toContain('lago as lago-eu: 6 files written');
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n')).toEqual(['lago-eu', 'shop 2.0'].flatMap(functionsOf));

    const index = join(folder, 'index.ts');
    writeFileSync(index, readFileSync(index, 'utf8') + stdout);
    await compileProject(folder);
    const compiled: { providerConfigKey: string; actions: object[]; syncs: object[] }[] = JSON.parse(
      readFileSync(join(folder, '.nango/nango.json'), 'utf8'),
    );
    expect(
      compiled.map(({ providerConfigKey, actions, syncs }) => [providerConfigKey, actions.length, syncs.length]),
    ).toEqual([
      ['github', 1, 1],
      ['lago-eu', 3, 1],
      ['shop 2.0', 3, 1],
    ]);

    const { lago } = providersUnderTest;
    const script = await loadScript(join(folder, 'build/lago-eu_actions_upsert-customers.cjs'));
    const nango = mockNango('lago-eu', { [lago.find]: lago.absent, [lago.create]: lago.created });
    expect(await exec(script, nango, customer)).toMatchObject({ action: 'create', provider_id: lago.providerId });
    expect(requestsOf(nango)).toEqual([lago.find, lago.create]);
  });

  it.each(providerIds)('copies %s with what a folder of its own needs, and no import out of it', async (id) => {
    const files = await makeCopy(process.cwd(), id);
    expect([...files.keys()]).toEqual([
      'actions/upsert-customers.ts',
      'actions/upsert-customers-batch.ts',
      'actions/plan-customers.ts',
      'syncs/customers.ts',
      'customer-sync.js',
      'customer-sync.d.ts',
    ]);
    const importsOf: Record<string, string[]> = {
      'customer-sync.js': ['crypto', 'zod'],
      'customer-sync.d.ts': ['zod'],
    };
    // What was built with the program is the same: an installed package has no bundler.
    for (const path of files.keys()) expect(existsSync(join('dist/nango-copies', id, path))).toBe(true);
    for (const [path, text] of files) {
      const imports = [...text.matchAll(/^(?:import|export) .*from ["']([^"']+)["'];$/gm)].map(([, name]) => name);
      expect(new Set(imports)).toEqual(new Set(importsOf[path] ?? ['nango', '../customer-sync.js']));
      expect(text).not.toMatch(/\b(?:import|require)\(/);
      expect(text).not.toContain(process.cwd());
    }
  });

  it('writes nothing the second time, and prints only the lines that index.ts lacks', async () => {
    const folder = emptyProject();
    const first = await add(folder, '--as', 'lago');
    const three = functionsOf('lago')
      .slice(0, 3)
      .map((line) => `${line.replaceAll("'", '"')}\n`);
    writeFileSync(join(folder, 'index.ts'), three.join(''));
    const second = await add(folder, '--as', 'lago');
    expect(first.stdout.split('\n')).toEqual([...functionsOf('lago'), '']);
    expect(second.stdout).toBe(`${functionsOf('lago')[3]}\n`);
    expect(second.stderr).toContain('lago as lago: up to date');
  });

  it('prints lines that can be appended to an index.ts whose last line nothing ends', async () => {
    const folder = emptyProject({ 'index.ts': "import './github/actions/create-issue.js'" });
    const { stdout } = await add(folder, '--as', 'lago');
    expect(stdout.split('\n')).toEqual(['', ...functionsOf('lago'), '']);
  });

  it('says how to compile and deploy them without touching other functions', async () => {
    const { stderr } = await add(emptyProject(), '--as', 'lago=lago-eu,autumn');
    expect(stderr).toContain('npx nango compile');
    expect(stderr).toContain('npx nango deploy <environment> -i lago-eu\n  npx nango deploy <environment> -i autumn');
  });

  it('overwrites nothing, and writes nothing else either, unless it is told to', async () => {
    const path = 'lago/actions/upsert-customers.ts';
    const folder = emptyProject({ [path]: '// mine' });
    const refused = await add(folder, '--as', 'autumn,lago');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain(path);
    expect(refused.stderr).toContain('--force');
    expect(refused.stdout).toBe('');
    expect(readFileSync(join(folder, path), 'utf8')).toBe('// mine');
    expect(existsSync(join(folder, 'autumn'))).toBe(false);

    const forced = await add(folder, '--as', 'autumn,lago', '--force');
    expect(forced.code).toBe(0);
    expect(readFileSync(join(folder, path), 'utf8')).toContain('createAction({');
  });

  it('warns about names that the integration has already', async () => {
    const folder = emptyProject({
      'lago/syncs/upsert-customers.ts': '',
      'lago/syncs/other.ts': 'models: { BillingCustomer: z.object({}) }',
      'lago/syncs/third.ts': 'models: { Invoice: z.object({}) }',
    });
    const { stderr, code } = await add(folder, '--as', 'lago');
    expect(stderr).toContain('warning: lago/syncs/upsert-customers.ts has the name of a function that is added');
    expect(stderr).toContain('warning: lago/syncs/other.ts names the model BillingCustomer');
    expect(stderr.match(/warning/g)).toHaveLength(2);
    expect(code).toBe(0);
  });

  it.each([
    ['an unknown provider', ['--as', 'lagoo=x'], /lagoo.*\n.*lago/s],
    ['an id that Nango does not take', ['--as', 'lago=lago/eu'], /"lago\/eu" cannot be the id/],
    ['an id that is empty', ['--as', 'lago='], /"" cannot be the id/],
    ['an equals sign in an id', ['--as', 'lago=lago=eu'], /"lago=eu" cannot be the id/],
    ['a comma too many', ['--as', 'lago,'], /there is no provider ""/],
    ['the folder of the compiler as an id', ['--as', 'lago=build'], /"build" cannot be the id/],
    ['a way out of the folder', ['--as', 'lago=..'], /"\.\." cannot be the id/],
    ['one id for two', ['--as', 'lago=billing,autumn=billing'], /"billing" twice/],
    ['no --as', [], /--as/],
  ])('refuses %s, and writes nothing', async (_, flags, said) => {
    const folder = emptyProject();
    const { stderr, stdout, code } = await add(folder, ...flags);
    expect(stderr).toMatch(said);
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
    expect(readdirSync(folder).sort()).toEqual(['.nango', 'index.ts']);
  });

  it('names the file that cannot be written', async () => {
    const folder = emptyProject({ lago: 'a file where the folder should be' });
    const { stderr, code } = await add(folder, '--as', 'lago');
    expect(stderr).toMatch(/lago\/actions\/upsert-customers\.ts cannot be written \(E/);
    expect(code).toBe(2);
  });

  it('refuses a folder that is no Nango project, or one of the old kind', async () => {
    const none = await add(folderWith({}, { onTestFinished }), '--as', 'lago');
    expect(none.stderr).toMatch(/has no index\.ts and no \.nango[\s\S]*nango init/);
    const old = await add(emptyProject({ 'nango.yaml': 'integrations: {}' }), '--as', 'lago');
    expect(old.stderr).toContain('migrate-to-zero-yaml');
    expect([none.code, old.code]).toEqual([2, 2]);
  });
});
