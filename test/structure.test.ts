import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { builtInProviders } from '../integrations/registry.js';

const ids = readdirSync('providers');
const read = (file: string) => readFileSync(file, 'utf8');

describe.each(ids)('provider %s', (id) => {
  it.each([
    `providers/${id}/definition.ts`,
    `providers/${id}/fields.ts`,
    `providers/${id}/mapping.json`,
    `providers/${id}/wire.ts`,
    `integrations/${id}/connector.ts`,
    `integrations/${id}/actions/upsert-customers.ts`,
    `emulators/${id}.ts`,
  ])('has %s', (file) => {
    expect(existsSync(file)).toBe(true);
  });

  it('is in the registry under its folder name', () => {
    expect(builtInProviders.map(({ definition }) => definition.id)).toContain(id);
  });

  it('has its action in the Nango project', () => {
    expect(read('integrations/index.ts')).toContain(`'./${id}/actions/upsert-customers.js'`);
  });

  it('has a row in the README', () => {
    expect(read('README.md')).toMatch(new RegExp(`^\\| .*\\(\`${id}\`\\)`, 'm'));
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
  const engine = globSync(['schemas/**/*.ts', 'src/{core,nango,hosts,runner,sources,normalise}/**/*.ts']);

  it('names no provider outside comments', () => {
    const offenders = engine.filter((file) => {
      const code = read(file).replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
      return ids.some((id) => code.toLowerCase().includes(id));
    });
    expect(engine.length).toBeGreaterThan(40);
    expect(offenders).toEqual([]);
  });
});
