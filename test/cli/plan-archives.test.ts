import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { planFileSchema } from '../../schemas/plan-file.js';
import { openLedger } from '../../src/ledger/sqlite/open-ledger.js';
import { readPlanFile, writePlanFile } from '../../src/plan-file/plan-file.js';
import { folderWith, runCli, type Stage, startProviders, writesTo } from './command-line.js';
import { openTerminal } from './terminal.js';

interface Ending {
  onTestFinished(task: () => void | Promise<void>): void;
}

const mirror = 'mode: mirror, allow_archive: true, consents: [end_subscriptions]';
const configuration = (job: string) => `
sources: { crm: { type: file, path: customers.jsonl } }
connections: { lago-eu: { provider: lago } }
jobs: { nightly: { source: crm, to: [lago-eu], ${job} } }
`;

const effect = 'Active subscriptions end, pending ones are cancelled, draft invoices are finalised.';
const lines = (...customers: object[]) => customers.map((customer) => `${JSON.stringify(customer)}\n`).join('');
const ann = { id: 'a', name: 'Ann' };
const bo = { id: 'b', name: 'Bo' };
const cy = { id: 'c', name: 'Cy' };

async function removeAt({ emulator }: Stage, id: string): Promise<void> {
  const { url, apiKey } = emulator('lago');
  const headers = { authorization: `Bearer ${apiKey}` };
  const { status } = await fetch(`${url}/customers/${id}`, { method: 'DELETE', headers });
  expect(status).toBe(200);
}

/** A job that mirrors has written these customers; nothing is planned yet. */
async function mirrored(ending: Ending, ...customers: object[]) {
  const stage = await startProviders(['lago'], ending);
  const files = { 'customer-sync.yaml': configuration(mirror), 'customers.jsonl': lines(...customers) };
  const folder = folderWith(files, ending);
  const cli = (...args: string[]) => runCli(args, { env: stage.env, cwd: folder });
  const write = (file: string, content: string) => writeFileSync(join(folder, file), content);
  const feed = (...rows: object[]) => write('customers.jsonl', lines(...rows));
  const stored = (): Record<string, unknown>[] => JSON.parse(JSON.stringify(stage.emulator('lago').customers()));
  const names = () => stored().map(({ name }) => name);
  await cli('run', 'nightly', '--first-run');
  stage.emulator('lago').requests.length = 0;
  return { stage, folder, cli, write, feed, stored, names, path: join(folder, 'plan.json') };
}

/** Ann changed, Bo left, Cy is deleted in the source; the plan for that is kept. */
async function planned(ending: Ending) {
  const bench = await mirrored(ending, ann, bo, cy);
  const ids = new Map(bench.stored().map(({ external_id: id, lago_id: providerId }) => [id, providerId]));
  bench.feed({ ...ann, name: 'Anna' }, { ...cy, deleted: true });
  const plan = await bench.cli('dry-run', '--job', 'nightly', '--out', 'plan.json');
  return { ...bench, ids, plan };
}

describe('dry-run of a job that mirrors', () => {
  it('shows whom it would archive and what that does, and archives nobody', async ({ onTestFinished }) => {
    const { plan, stage } = await planned({ onTestFinished });
    expect(plan.stdout).toContain(
      '- archive: 2 customers\n  - c\n      is deleted in the source\n  - b\n      left the source\n',
    );
    expect(plan.stdout).toMatch(/\nlago-eu: 3 customers: 1 update, 2 archive\n/);
    expect(plan.stdout).toContain(`  effect, 2x: ${effect}\n`);
    expect(writesTo(stage, 'lago')).toEqual([]);
  });

  it('keeps in the plan whom by both ids, why, and the effect', async ({ onTestFinished }) => {
    const { path, ids } = await planned({ onTestFinished });
    const { plans, targets } = planFileSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
    expect(targets).toMatchObject([{ to: 'lago-eu', archive_effect: effect }]);
    const archive = { to: 'lago-eu', action: 'archive', compared: true, changes: [], warnings: [] };
    expect(plans.filter(({ action }) => action === 'archive')).toEqual([
      { ...archive, customer_id: 'c', provider_id: ids.get('c'), reason: 'is deleted in the source' },
      { ...archive, customer_id: 'b', provider_id: ids.get('b'), reason: 'left the source' },
    ]);
  });

  it.for(['a job', 'a kept plan'])('shows them of %s in every format', async (what, { onTestFinished }) => {
    const { cli, ids } = await planned({ onTestFinished });
    const subject = what === 'a job' ? ['--job', 'nightly'] : ['plan.json'];
    const shown = async (...args: string[]) => (await cli('dry-run', ...subject, ...args)).stdout;
    const json = JSON.parse(await shown('--json'));
    expect(json.results).toContainEqual({
      plan: {
        customer_id: 'b',
        to: 'lago-eu',
        action: 'archive',
        provider_id: ids.get('b'),
        compared: true,
        changes: [],
        warnings: [],
        reason: 'left the source',
      },
    });
    expect(json.summary.targets).toMatchObject([
      { counts: { update: 1, archive: 2 }, effects: expect.arrayContaining([{ effect, times: 2 }]) },
    ]);
    expect(await shown('--format', 'csv')).toContain('\nlago-eu,b,archive,,,,,,left the source,\n');
    const markdown = await shown('--format', 'markdown');
    expect(markdown).toContain('\n| - archive | b | lago-eu | left the source |\n');
    expect(markdown).toContain(`\n- lago-eu, 2x: ${effect}\n`);
    const page = await shown('--format', 'html');
    expect(page).toContain('<b>2</b> archive</li>');
    expect(page).toContain(`<li class="effect"><b>2×</b> ${effect}</li>`);
    expect(page).toContain('{"id":"b","changes":[],"notes":[],"reason":"left the source"}');
  });

  it('does not list who is gone at the provider already', async ({ onTestFinished }) => {
    const { cli, feed, stage } = await mirrored({ onTestFinished }, ann, bo);
    await removeAt(stage, 'b');
    feed(ann);
    const { stdout } = await cli('dry-run', '--job', 'nightly');
    expect(stdout).not.toContain('archive');
  });
});

describe('apply of a plan with archives', () => {
  it('archives exactly these, and says so', async ({ onTestFinished }) => {
    const { cli, path, names, stage } = await planned({ onTestFinished });
    const { stdout, stderr, code } = await cli('apply', path, '--yes');
    expect(stdout).toMatch(/\n {2}lago-eu: 1 updated;.*\n/);
    expect(stdout).toMatch(/\n {2}lago-eu: 1 archived; 1 archived that left the source; \d requests\n/);
    expect(stderr).not.toContain('refused');
    expect(code).toBe(0);
    expect(names()).toEqual(['Anna']);
    expect(writesTo(stage, 'lago').sort()).toEqual([
      'DELETE /api/v1/customers/b',
      'DELETE /api/v1/customers/c',
      'POST /api/v1/customers',
    ]);
    expect((await cli('run', 'nightly')).stdout).toMatch(/lago-eu: 1 unchanged, 1 skipped; 0 requests/);
  });

  it('archives nobody who left the source after it was made', async ({ onTestFinished }) => {
    const { cli, feed, path, names } = await mirrored({ onTestFinished }, ann, bo, cy);
    feed(ann, cy);
    await cli('dry-run', '--job', 'nightly', '--out', 'plan.json');
    feed(ann);
    expect((await cli('apply', path, '--yes')).code).toBe(0);
    expect(names()).toEqual(['Ann', 'Cy']);
  });

  it('refuses who is in the source again, and archives the rest', async ({ onTestFinished }) => {
    const { cli, feed, path, names } = await planned({ onTestFinished });
    feed({ ...ann, name: 'Anna' }, cy);
    const { stdout, stderr, code } = await cli('apply', path, '--yes');
    expect(stderr).toContain('refused: lago-eu: c is in the source again\n');
    expect(stderr).not.toContain('lago-eu: b');
    expect(stdout).toMatch(/\n {2}lago-eu: nothing to do; 1 archived that left the source; \d requests\n/);
    expect(code).toBe(1);
    expect(names()).toEqual(['Anna', 'Cy']);
  });

  it('refuses who is gone, or another record, at the provider', async ({ onTestFinished }) => {
    const { cli, path, names, stage } = await planned({ onTestFinished });
    await removeAt(stage, 'b');
    await removeAt(stage, 'c');
    await runCli(['apply', '-', '--to', 'lago', '--yes'], { env: stage.env, input: lines({ ...cy, name: 'New Cy' }) });
    const { stderr, code } = await cli('apply', path, '--yes');
    expect(stderr).toContain('refused: lago-eu: b is gone at the provider, and needs nothing now\n');
    expect(stderr).toContain('refused: lago-eu: c is another record at the provider now\n');
    expect(code).toBe(1);
    expect(names()).toEqual(['Anna', 'New Cy']);
  });

  it('twice archives once', async ({ onTestFinished }) => {
    const { cli, path, stage } = await planned({ onTestFinished });
    await cli('apply', path, '--yes');
    stage.emulator('lago').requests.length = 0;
    const { stderr, code } = await cli('apply', path, '--yes');
    expect(stderr).toContain('refused: lago-eu: b is archived already, or not known to the ledger\n');
    expect(code).toBe(1);
    expect(writesTo(stage, 'lago')).toEqual([]);
  });

  it.for([
    ['the consent was withdrawn', 'mode: mirror, allow_archive: true', 'at lago-eu: Active subscriptions end'],
    ['the job no longer mirrors', 'mode: upsert', 'the mapping of lago-eu, or the rules of the job, changed'],
  ])('sends nothing at all when %s', async ([_, job, expected], { onTestFinished }) => {
    const { cli, path, stage, write } = await planned({ onTestFinished });
    write('customer-sync.yaml', configuration(String(job)));
    const { stderr, code } = await cli('apply', path, '--yes');
    expect(stderr).toContain(expected);
    expect(code).toBe(2);
    expect(writesTo(stage, 'lago')).toEqual([]);
  });

  it('sends nothing at all when archiving does something else by then', async ({ onTestFinished }) => {
    const { cli, path, folder, stage } = await planned({ onTestFinished });
    const ledger = openLedger({ path: join(folder, '.customer-sync/ledger.db'), env: stage.env, mode: 'read' });
    onTestFinished(() => ledger.close());
    const { fingerprints } = ledger;
    const { job, kind, plans, targets } = readPlanFile(path, { fingerprints, now: Date.now(), mayBeOld: false });
    const another = targets.map((target) => ({
      ...target,
      archive_effect: 'The customer is hidden, and nothing else.',
    }));
    writePlanFile(path, { job, kind, plans, targets: another }, fingerprints, Date.now());
    const { stderr, code } = await cli('apply', path, '--yes');
    expect(stderr).toContain(`${path}: archiving at lago-eu does something else now than it did then\n`);
    expect(code).toBe(2);
    expect(writesTo(stage, 'lago')).toEqual([]);
  });

  it('refuses a plan in which somebody else is named', async ({ onTestFinished }) => {
    const { cli, path, stage } = await planned({ onTestFinished });
    writeFileSync(path, readFileSync(path, 'utf8').replace('"customer_id": "b"', '"customer_id": "a"'));
    expect((await cli('apply', path, '--yes')).stderr).toContain('was changed since it was made');
    expect(writesTo(stage, 'lago')).toEqual([]);
  });

  it('keeps to the guard on archives, which can be passed once', async ({ onTestFinished }) => {
    const { cli, path, names, write } = await planned({ onTestFinished });
    write('customer-sync.yaml', configuration(`${mirror}, guards: { max_archived: 0 }`));
    const refused = await cli('apply', path, '--yes');
    expect(refused.stdout).toMatch(/refused after[\s\S]* 2 customers would be archived at lago-eu; 0 are let pass/);
    expect(refused.code).toBe(1);
    expect(names()).toEqual(['Anna', 'Bo', 'Cy']);
    expect((await cli('apply', path, '--yes', '--allow', 'archived')).stdout).toContain(
      '1 archived that left the source',
    );
    expect(names()).toEqual(['Anna']);
  });

  it('archives nobody when the source has shrunk by then', async ({ onTestFinished }) => {
    const rows = Array.from({ length: 25 }, (_, number) => ({ id: `c${number}`, name: `Name ${number}` }));
    const { cli, feed, path, names } = await mirrored({ onTestFinished }, ...rows);
    feed(...rows.slice(1));
    await cli('dry-run', '--job', 'nightly', '--out', 'plan.json');
    feed(...rows.slice(15));
    const { stdout, code } = await cli('apply', path, '--yes', '--allow', 'archived');
    expect(stdout).toMatch(/ 10 rows, 60 % fewer than the 25 of the last run; 20 % are let pass/);
    expect(code).toBe(1);
    expect(names()).toHaveLength(25);
  });

  it.for(['empty', 'gone'])('sends nothing at all when the source is %s by then', async (how, { onTestFinished }) => {
    const { cli, folder, feed, path, stage } = await planned({ onTestFinished });
    if (how === 'empty') feed();
    else rmSync(join(folder, 'customers.jsonl'));
    expect((await cli('apply', path, '--yes')).code).toBe(2);
    expect(writesTo(stage, 'lago')).toEqual([]);
  });

  it('tells of an archive that fails, which the next run tries again', async ({ onTestFinished }) => {
    const { cli, path, names, stage } = await planned({ onTestFinished });
    stage.emulator('lago').faults.add({ kind: 'respond', status: 422, body: '{}' }, { method: 'DELETE', times: 1 });
    const { stdout, code } = await cli('apply', path, '--yes');
    expect(stdout).toMatch(/1 failing \(1 new\)/);
    expect(code).toBe(1);
    expect(names()).toHaveLength(2);
  });

  it('asks with the number and the effect', async ({ onTestFinished }) => {
    const { folder, path, stage, names } = await planned({ onTestFinished });
    const terminal = openTerminal(stage.env);
    const ended = terminal.run(['apply', path, '--config', join(folder, 'customer-sync.yaml')]);
    expect(await terminal.question()).toContain(`: 0 create, 1 update, 2 archive\n    effect, 2x: ${effect}\nGo on?`);
    terminal.type('n\n');
    expect(await ended).toBe(0);
    expect(names()).toEqual(['Ann', 'Bo', 'Cy']);
  });

  it.for([
    [['customers.jsonl', '--to', 'lago', '--yes', '--allow', 'archived'], '--allow is for plans of jobs'],
    [['plan.json', '--yes', '--allow', 'changed'], 'There is no guard "changed"'],
    [['plan.json', '--yes', '--format', 'csv'], '--format does not go with a plan'],
    [['plan.json', '--yes', '--verbose'], '--verbose does not go with a plan'],
  ] as const)('%j is refused', async ([args, expected], { onTestFinished }) => {
    const { cli } = await planned({ onTestFinished });
    const { stderr, code } = await cli('apply', ...args);
    expect(stderr).toContain(expected);
    expect(code).toBe(2);
  });
});

describe('dry-run --reverse of a plan with archives', () => {
  it('makes a plan that takes no guard, which is said before anything is asked', async ({ onTestFinished }) => {
    const { cli, path, folder, stage } = await planned({ onTestFinished });
    await cli('apply', path, '--yes');
    await cli('dry-run', '--reverse', path, '--out', 'back.json');
    stage.emulator('lago').requests.length = 0;
    const terminal = openTerminal(stage.env);
    const config = ['--config', join(folder, 'customer-sync.yaml')];
    const code = await terminal.run(['apply', join(folder, 'back.json'), '--allow', 'archived', ...config]);
    expect(terminal.stderr()).toContain('--allow is for plans of jobs\n');
    expect(terminal.stderr()).not.toContain('Go on?');
    expect(code).toBe(2);
    expect(writesTo(stage, 'lago')).toEqual([]);
  });

  it('ends with 3 where it changes something and that is asked for', async ({ onTestFinished }) => {
    const { cli, path } = await planned({ onTestFinished });
    await cli('apply', path, '--yes');
    expect((await cli('dry-run', '--reverse', path, '--exit-code')).code).toBe(3);
  });

  it('lists them among what cannot be undone', async ({ onTestFinished }) => {
    const { cli, path, names } = await planned({ onTestFinished });
    await cli('apply', path, '--yes');
    const reverse = await cli('dry-run', '--reverse', path, '--out', 'back.json');
    expect(reverse.stderr).toContain('cannot be undone: lago-eu: b was archived and is not restored\n');
    expect(reverse.stderr).toContain('cannot be undone: lago-eu: c was archived and is not restored\n');
    expect((await cli('apply', 'back.json', '--yes')).stdout).toBe('lago-eu: 1 updated\n');
    expect(names()).toEqual(['Ann']);
  });
});
