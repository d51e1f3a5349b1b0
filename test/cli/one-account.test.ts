import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { folderWith, runCli, startProviders, writesTo } from './command-line.js';

const sourceAndConnections = `
sources: { crm: { type: file, path: customers.jsonl } }
connections:
  names: { provider: lago, fields: { own: [name] } }
  mails: { provider: lago, fields: { own: [email] } }
`;
const customer = { id: 'a', name: 'Ann Able', email: 'ann@mail.example' };

/** Two connections that lead to one account. */
async function open(jobs: string, row: object) {
  const stage = await startProviders(['lago'], { onTestFinished });
  const files = { 'customer-sync.yaml': sourceAndConnections + jobs, 'customers.jsonl': `${JSON.stringify(row)}\n` };
  const cwd = folderWith(files, { onTestFinished });
  const run = (...args: string[]) => runCli(['run', ...args], { cwd, env: stage.env });
  const change = (changed: object) => writeFileSync(join(cwd, 'customers.jsonl'), `${JSON.stringify(changed)}\n`);
  return { stage, run, change, cwd };
}

it('two jobs to one account each send the fields that are theirs, to one customer', async () => {
  const jobs = 'jobs: { first: { source: crm, to: [names] }, second: { source: crm, to: [mails] } }';
  const { stage, run, change } = await open(jobs, customer);
  const held = () => stage.emulator('lago').customers();
  expect((await run('first', 'second', '--first-run', '--allow', 'first_write')).code).toBe(0);
  expect(held()).toMatchObject([{ external_id: 'a', name: 'Ann Able', email: 'ann@mail.example' }]);

  stage.emulator('lago').requests.length = 0;
  change({ ...customer, email: 'able@mail.example' });
  expect((await run('first', 'second')).code).toBe(0);
  expect(writesTo(stage, 'lago')).toHaveLength(1);
  expect(held()).toMatchObject([{ name: 'Ann Able', email: 'able@mail.example' }]);
});

it('one job to two connections of one account is refused, since they would share one memory', async () => {
  const { stage, run, cwd } = await open('jobs: { nightly: { source: crm, to: [names, mails] } }', customer);
  const { code, stderr } = await run('nightly', '--first-run');
  expect(code).toBe(2);
  expect(stderr).toContain('job "nightly": names and mails lead to the same account');
  expect(stderr).toContain('Give each of them a job of its own, with the same source.');
  const planned = await runCli(['dry-run', '--job', 'nightly'], { cwd, env: stage.env });
  expect(planned.stderr).toContain('names and mails lead to the same account');
  expect(stage.emulator('lago').requests).toEqual([]);
});

it('what a row says to a misspelt provider is told by a run', async () => {
  const jobs = 'jobs: { nightly: { source: crm, to: [names] } }';
  const misspelt = { provider_fields: { lagoo: {} }, external_ids: { rechrge: '1', crm: '2' } };
  const { run } = await open(jobs, { ...customer, ...misspelt });
  const outcomes = eventsIn((await run('nightly', '--first-run')).stderr).filter(({ event }) => event === 'outcome');
  expect(outcomes.map(({ warnings }) => warnings)).toEqual([
    [
      {
        code: 'notice',
        field: 'provider_fields.lagoo',
        message: 'is for no known provider (did you mean "lago"?); left out',
      },
      {
        code: 'notice',
        field: 'external_ids.rechrge',
        message: 'is of no known provider (did you mean "recharge"?); not looked up',
      },
    ],
  ]);
});

function eventsIn(stderr: string): Record<string, unknown>[] {
  return stderr
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line): Record<string, unknown> => JSON.parse(line));
}
