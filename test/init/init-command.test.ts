import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, expect, it, type TestContext } from 'vitest';
import { sourceMappingSchema } from '../../schemas/mapping.js';
import { folderWith, runCli } from '../cli/command-line.js';

/** A folder with a copy of the example, where the mapping will be written. */
function workplace(ending: TestContext): string {
  const folder = folderWith({}, ending);
  copyFileSync(resolve('examples/crm-export.csv'), `${folder}/crm.csv`);
  return folder;
}

describe('customer-sync init', () => {
  it('writes a mapping that a dry run takes as it is, for every row', async (ending) => {
    const cwd = workplace(ending);
    const written = await runCli(['init', '--from', 'crm.csv'], { cwd });
    expect(written).toMatchObject({ code: 0, stderr: '' });
    expect(written.stdout).toContain('6 of the 6 rows make valid customers.');
    const next = /^ {2}customer-sync (dry-run .*)$/m.exec(written.stdout)?.[1]?.split(' ') ?? [];
    const planned = await runCli(next, { cwd });
    expect(planned.code).toBe(0);
    expect(planned.stdout).toContain('lago: 6 customers: 6 create');
    expect(planned.stderr).not.toContain('not used by the source mapping');
    const linted = await runCli(['lint', 'crm.mapping.json'], { cwd });
    expect(linted).toMatchObject({ code: 0, stdout: '1 file: nothing found\n' });
  });

  it('shows where each field comes from, how sure that is, and three rows before and after', async (ending) => {
    const { stdout } = await runCli(['init', '--from', 'crm.csv'], { cwd: workplace(ending) });
    expect(stdout).toMatch(/^ {2}email +Email +high +named so; all 6 values fit$/m);
    expect(stdout).toMatch(/^ {2}Fax +no billing system has a place for a fax number$/m);
    expect(stdout.match(/^crm\.csv line \d becomes$/gm)).toHaveLength(3);
    expect(stdout).toMatch(/^ {2}phone +\+48 \(58\) 555-01-23 -> \+48585550123$/m);
    expect(stdout).toMatch(/^ {2}address\.country +Poland -> PL$/m);
  });

  it('does not write over a file, unless it is told to', async (ending) => {
    const cwd = workplace(ending);
    writeFileSync(`${cwd}/crm.mapping.json`, 'mine');
    const refused = await runCli(['init', '--from', 'crm.csv'], { cwd });
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain('crm.mapping.json is there already');
    expect(refused.stderr).toContain('--force');
    expect(readFileSync(`${cwd}/crm.mapping.json`, 'utf8')).toBe('mine');
    expect(await runCli(['init', '--from', 'crm.csv', '--force'], { cwd })).toMatchObject({ code: 0 });
    const mapping: unknown = JSON.parse(readFileSync(`${cwd}/crm.mapping.json`, 'utf8'));
    expect(sourceMappingSchema.safeParse(mapping).success).toBe(true);
  });

  it('prints the mapping itself on standard output, and the talk on standard error, with --out -', async (ending) => {
    const { stdout, stderr } = await runCli(['init', '--from', 'crm.csv', '--out', '-'], { cwd: workplace(ending) });
    expect(sourceMappingSchema.parse(JSON.parse(stdout)).fields['id']).toEqual({ from: 'CustomerId' });
    expect(stderr).toContain('6 of the 6 rows');
  });

  it('prints its guesses for machines with --json', async (ending) => {
    const { stdout } = await runCli(['init', '--from', 'crm.csv', '--json'], { cwd: workplace(ending) });
    const report: unknown = JSON.parse(stdout);
    expect(report).toMatchObject({
      out: 'crm.mapping.json',
      fields: expect.arrayContaining([
        { field: 'id', columns: ['CustomerId'], confidence: 'high', why: 'named so; all 6 values fit' },
      ]),
      leftOut: [{ column: 'Fax' }, { column: 'SupportRepId' }],
      valid: 6,
      samples: [{ at: 'crm.csv line 2', before: { CustomerId: '1' }, after: { id: '1' } }, {}, {}],
    });
  });

  it.skipIf(process.platform === 'win32')('reads a pipe from its first byte', async (ending) => {
    const cwd = workplace(ending);
    execFileSync('mkfifo', [`${cwd}/pipe`]);
    const writing = writeFile(`${cwd}/pipe`, readFileSync(`${cwd}/crm.csv`));
    const { stdout, code } = await runCli(['init', '--from', 'pipe', '--out', '-'], { cwd });
    await writing;
    expect(code).toBe(0);
    expect(sourceMappingSchema.parse(JSON.parse(stdout)).fields['id']).toEqual({ from: 'CustomerId' });
  });

  it('says what is wrong with a file that it cannot use', async (ending) => {
    const cwd = folderWith({ 'names.csv': 'name\nA\nA\n' }, ending);
    const { code, stderr } = await runCli(['init', '--from', 'names.csv'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('no column can be the id of the customers');
    const missing = await runCli(['init', '--from', 'nmaes.csv'], { cwd });
    expect(missing.stderr).toContain('did you mean "names.csv"?');
  });
});
