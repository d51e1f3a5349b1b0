import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as library from '../../src/index.js';

const text = readFileSync('docs/api.md', 'utf8');
const rows = [...text.matchAll(/^\| `(\w+)` \| (\w+) \| (.+) \|$/gm)].map(([, name = '', kind = '', what = '']) => ({
  name,
  kind,
  what,
}));

function namesOf(kinds: readonly string[]): string[] {
  return rows.flatMap(({ name, kind }) => (kinds.includes(kind) ? [name] : [])).sort();
}

/** Names that `src/index.ts` exports as types, which leave nothing in the module. */
function exportedTypes(): string[] {
  const source = readFileSync('src/index.ts', 'utf8');
  const lists = [...source.matchAll(/^export (type )?\{([^}]*)\} from/gm)];
  const entries = lists.flatMap(([, typesOnly, names = '']) =>
    names
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '')
      .map((entry) => (typesOnly === undefined ? entry : `type ${entry}`)),
  );
  return entries.flatMap((entry) => (entry.startsWith('type ') ? [entry.slice('type '.length)] : [])).sort();
}

describe('docs/api.md', () => {
  it('names every value of the library and no other', () => {
    expect(namesOf(['function', 'schema', 'class', 'value'])).toEqual(Object.keys(library).sort());
  });

  it('names every type of the library and no other', () => {
    const types = exportedTypes();
    expect(types.length).toBeGreaterThan(20);
    expect(namesOf(['type'])).toEqual(types);
  });

  it('says of each value what kind it is', () => {
    const kindOf = (value: unknown) => {
      if (typeof value === 'function') return String(value).startsWith('class') ? 'class' : 'function';
      return typeof value === 'object' && value !== null && 'safeParse' in value ? 'schema' : 'value';
    };
    const documented = Object.fromEntries(rows.map(({ name, kind }) => [name, kind]));
    const actual = Object.entries(library).map(([name, value]) => [name, kindOf(value)]);
    expect(actual.map(([name]) => [name, documented[String(name)]])).toEqual(actual);
  });

  it('shows the program that the package is tested with', () => {
    const program = readFileSync('examples/own-provider/program.ts', 'utf8');
    expect(text).toContain(`\`\`\`ts\n${program}\`\`\``);
    expect(program.split('\n').length).toBeLessThanOrEqual(20);
  });
});
