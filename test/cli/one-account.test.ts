import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { folderWith, runCli, startProviders, writesTo } from './command-line.js';

const configuration = `
sources: { crm: { type: file, path: customers.jsonl } }
connections:
  names: { provider: lago, fields: { own: [name] } }
  mails: { provider: lago, fields: { own: [email] } }
jobs: { nightly: { source: crm, to: [names, mails] } }
`;
const customer = { id: 'a', name: 'Ann Able', email: 'ann@mail.example' };

/** A job to two connections that lead to one account. */
async function openJob(row: object) {
  const stage = await startProviders(['lago'], { onTestFinished });
  const customers = `${JSON.stringify(row)}\n`;
  const cwd = folderWith({ 'customer-sync.yaml': configuration, 'customers.jsonl': customers }, { onTestFinished });
  const run = (...args: string[]) => runCli(['run', 'nightly', ...args], { cwd, env: stage.env });
  const write = (changed: object) => writeFileSync(join(cwd, 'customers.jsonl'), `${JSON.stringify(changed)}\n`);
  return { stage, run, write };
}

it('two connections of one account each send the fields that are theirs, to one customer', async () => {
  const { stage, run, write } = await openJob(customer);
  expect((await run('--first-run')).code).toBe(0);
  expect(stage.emulator('lago').customers()).toMatchObject([
    { external_id: 'a', name: 'Ann Able', email: 'ann@mail.example' },
  ]);

  stage.emulator('lago').requests.length = 0;
  write({ ...customer, email: 'able@mail.example' });
  const { code, stderr } = await run();
  expect(code).toBe(0);
  expect(writesTo(stage, 'lago')).toHaveLength(1);
  expect(stage.emulator('lago').customers()).toMatchObject([{ name: 'Ann Able', email: 'able@mail.example' }]);
  const outcomes = eventsIn(stderr).filter(({ event }) => event === 'outcome');
  expect(outcomes).toMatchObject([{ to: 'mails', status: 'updated', changed: ['email'] }]);
});

it('what a row says to a misspelt provider is told by a run', async () => {
  const { run } = await openJob({
    ...customer,
    provider_fields: { lagoo: {} },
    external_ids: { rechrge: '1', crm: '2' },
  });
  const outcomes = eventsIn((await run('--first-run')).stderr).filter(({ event }) => event === 'outcome');
  expect(outcomes).toHaveLength(2);
  for (const { warnings } of outcomes)
    expect(warnings).toEqual([
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
    ]);
});

it('what concerns one connection names it', async () => {
  const { stage, run } = await openJob(customer);
  await run('--first-run');
  stage.emulator('lago').faults.add({ kind: 'respond', status: 500 }, { times: 99, path: /per_page/ });
  const { stderr } = await run('--full');
  expect(eventsIn(stderr).filter(({ event }) => event === 'notice')).toEqual([]);
});

function eventsIn(stderr: string): Record<string, unknown>[] {
  return stderr
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line): Record<string, unknown> => JSON.parse(line));
}
