import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

it('every code of a finding is in the reference', () => {
  const reference = readFileSync('docs/mapping.md', 'utf8');
  const sources = globSync(['src/lint/*.ts', 'src/core/mapping/{check-mapping,overlay}.ts', 'src/spec/*.ts']);
  const text = sources.map((file) => readFileSync(file, 'utf8')).join('\n');
  const codes = new Set(
    [...text.matchAll(/code: '([a-z_]+)'|whole\('([a-z]+)'/g)].map(([, code, other]) => code ?? other),
  );
  expect(codes.size).toBeGreaterThan(15);
  expect([...codes].filter((code) => !reference.includes(`\`${code}\``))).toEqual([]);
});
