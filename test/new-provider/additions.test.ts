import { describe, expect, it } from 'vitest';
import { additionText, withAddition } from '../../src/new-provider/additions.js';
import { providerNames } from '../../src/new-provider/provider-names.js';

const registry = {
  path: 'registry.ts',
  imports: ["import { orb } from './orb.js';"],
  entry: { after: 'const all = [', before: '];', text: 'orb' },
};

describe('an addition to a file that all providers share', () => {
  it.each([
    ['a list on one line', 'const all = [lago];\nrest', 'const all = [lago,\norb];\nrest'],
    ['a list that ends in a comma', 'const all = [\n  lago,\n];\n', 'const all = [\n  lago,\norb];\n'],
    ['a list with nothing in it', 'const all = [];\n', 'const all = [\norb];\n'],
  ])('goes to the end of %s, its imports to the top', (_, text, expected) => {
    expect(withAddition(text, registry)).toBe(`import { orb } from './orb.js';\n${expected}`);
  });

  it('goes to the end of the file where it is lines', () => {
    expect(withAddition("import './a.js';\n", { path: 'index.ts', lines: ["import './b.js';"] })).toBe(
      "import './a.js';\nimport './b.js';\n",
    );
  });

  it.each(['const others = [lago];', 'const all = [lago'])('has no place in %j, and is told instead', (text) => {
    expect(withAddition(text, registry)).toBeUndefined();
    expect(additionText(registry)).toBe('import { orb } from \'./orb.js\';\nat the end of "const all = [":\norb');
  });
});

it('an id has a form for each place that it stands in', () => {
  expect(providerNames('chart-mogul')).toEqual({
    id: 'chart-mogul',
    name: 'ChartMogul',
    variable: 'chartMogul',
    Type: 'ChartMogul',
    ENV: 'CHART_MOGUL',
    key: "'chart-mogul'",
  });
  expect(providerNames('orb', 'Orb Inc.')).toMatchObject({ name: 'Orb Inc.', variable: 'orb', key: 'orb' });
});
