import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SUBJECTS } from '../core/upsert/flow.js';
import { cellsOf } from './cells.js';
import { conformancePage } from './page.js';

describe.each(readdirSync('providers'))('provider %s', (id) => {
  it('is in the suite', () => {
    expect(SUBJECTS.map((subject) => subject.id)).toContain(id);
    expect(existsSync(`test/conformance/${id}.test.ts`)).toBe(true);
    expect(readFileSync(`test/conformance/${id}.test.ts`, 'utf8')).toContain(`conform('${id}')`);
  });

  it('runs every operation that it can, in every host', () => {
    const subject = SUBJECTS.find((candidate) => candidate.id === id);
    const run = subject === undefined ? [] : cellsOf(subject).filter(({ kind }) => kind === 'run');
    const canArchive = subject?.provider.connector.archive !== undefined;
    expect(new Set(run.map(({ operation, host }) => `${operation}, ${host}`)).size).toBe(9 + (canArchive ? 2 : 0));
  });
});

it('docs/conformance.md is what the list says', async () => {
  await expect(conformancePage()).toMatchFileSnapshot('../../docs/conformance.md');
});

it('no cell of docs/conformance.md is empty', () => {
  const rows = conformancePage()
    .split('\n')
    .filter((text) => text.startsWith('|'));
  expect(rows.length).toBeGreaterThan(300);
  expect(rows.filter((text) => /\|\s*\|/.test(text))).toEqual([]);
});
