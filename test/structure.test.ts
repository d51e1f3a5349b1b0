import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { builtInProviders } from '../integrations/registry.js';
import { copiedFunctions } from '../src/nango-project/copied-functions.js';
import { expectFilledIn } from './fill-in.js';

const ids = readdirSync('providers');
const read = (file: string) => readFileSync(file, 'utf8');

function functionsOf(id: string): string[] {
  return copiedFunctions.map((path) => `integrations/${id}/${path}`);
}

describe.each(ids)('provider %s', (id) => {
  it.each([
    `providers/${id}/definition.ts`,
    `providers/${id}/fields.ts`,
    `providers/${id}/mapping.json`,
    `providers/${id}/wire.ts`,
    `providers/${id}/traps.md`,
    `integrations/${id}/connector.ts`,
    `integrations/${id}/functions.ts`,
    ...functionsOf(id),
    `docs/nango/${id}/actions/upsert-customers.md`,
    `emulators/${id}.ts`,
    `test/integrations/${id}-connector.test.ts`,
    `test/conformance/${id}.test.ts`,
  ])('has %s', (file) => {
    expect(existsSync(file)).toBe(true);
  });

  it('has nothing left to fill in', () => {
    expectFilledIn(id);
  });

  it('is in the registry under its folder name', () => {
    expect(builtInProviders.map(({ definition }) => definition.id)).toContain(id);
  });

  it('has its functions in the Nango project', () => {
    const lines = read('integrations/index.ts').split('\n');
    const wanted = functionsOf(id).map((file) => file.replace('integrations', '.').replace(/ts$/, 'js'));
    expect(lines).toEqual(expect.arrayContaining(wanted.map((module) => `import '${module}';`)));
  });

  it('has a row in the README', () => {
    const rows = read('README.md').split('\n');
    expect(rows.filter((row) => row.startsWith('| ') && row.includes(`(\`${id}\`)`))).toHaveLength(1);
  });

  it('is imported by no other integration', () => {
    const others = globSync('integrations/*/**/*.ts').filter((file) => !file.startsWith(`integrations/${id}/`));
    const offenders = others.filter((file) =>
      new RegExp(`from '[./]*(providers|integrations)?/?${id}/`).test(read(file)),
    );
    expect(offenders).toEqual([]);
  });
});

describe('the engine', () => {
  const engine = globSync(['schemas/**/*.ts', 'src/{core,nango,hosts,connections,runner,sources,normalise}/**/*.ts']);

  it('names no provider outside comments', () => {
    const offenders = engine.filter((file) => {
      const code = read(file).replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
      return ids.some((id) => namedIn(code, id));
    });
    expect(engine.length).toBeGreaterThan(40);
    expect(offenders).toEqual([]);
  });
});

/** As a word, or a part of a name such as `isAcme`; other words may hold the same letters. */
function namedIn(code: string, id: string): boolean {
  const capital = id.charAt(0).toUpperCase() + id.slice(1);
  return new RegExp(`(?<![a-z])${id}(?![a-z])|${capital}(?![a-z])`).test(code);
}
