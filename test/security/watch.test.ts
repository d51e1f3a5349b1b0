import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { folderWith } from '../cli/command-line.js';
import { personalValuesOf, valuesFoundIn } from './personal-values.js';
import { searchFolder, searchOutcome, watchCommand, watchEmulator } from './watch.js';

const customers = '{"id":"acct_1","name":"Ann Able","email":"ann@mail.example"}\n';
const quiet = { stdout: '', stderr: '' };

function commandIn(args: readonly string[], env: Record<string, string> = {}) {
  const folder = folderWith({ 'customers.jsonl': customers }, { onTestFinished });
  return {
    ended: watchCommand({ args, env }),
    write: (name: string, text: string) => writeFileSync(join(folder, name), text),
  };
}

describe('the search of what a command tells and keeps', () => {
  it('finds a customer on stderr', () => {
    const { ended } = commandIn(['run', 'nightly']);
    expect(() => ended({ ...quiet, stderr: 'acct_1: "Ann Able" is refused' })).toThrow('"Ann Able" in stderr');
  });

  it('finds one on stdout of a command that prints no customers, and lets the others print them', () => {
    expect(() => commandIn(['status']).ended({ ...quiet, stdout: 'ann@mail.example' })).toThrow('in stdout');
    expect(() => commandIn(['dry-run']).ended({ ...quiet, stdout: 'ann@mail.example' })).not.toThrow();
  });

  it('finds one in a file that was written meanwhile, unless the command was asked for it', () => {
    const report = commandIn(['run', 'nightly']);
    report.write('report.json', '{"reason":"ann@mail.example"}');
    expect(() => report.ended(quiet)).toThrow('"ann@mail.example" in report.json');
    const plan = commandIn(['dry-run', '--job', 'nightly', '--out', 'plan.json']);
    plan.write('plan.json', '{"email":"ann@mail.example"}');
    expect(() => plan.ended(quiet)).not.toThrow();
  });

  it('finds one between bytes that are no text', () => {
    const { ended, write } = commandIn(['run', 'nightly']);
    write('ledger.db', '\0\u0001acct_1ann@mail.exampleupdated\0');
    expect(() => ended(quiet)).toThrow('in ledger.db');
  });

  it('finds a key wherever it is', () => {
    const env = { LAGO_API_KEY: 'lago-key-1' };
    const { ended, write } = commandIn(['dry-run', '--out', 'plan.json'], env);
    write('plan.json', 'lago-key-1');
    expect(() => ended({ stdout: 'lago-key-1', stderr: '' })).toThrow(
      '"lago-key-1" in stdout, "lago-key-1" in plan.json',
    );
  });

  it('knows customers by what a provider was sent and by what it holds', () => {
    const folder = folderWith({ 'ledger.db': '\0Ann Able\0Bo Baker\0' }, { onTestFinished });
    expect(() => searchFolder(folder)).not.toThrow();
    const requests = [{ method: 'POST', target: '/', headers: {}, body: '{"customer":{"name":"Ann Able"}}' }];
    onTestFinished(watchEmulator({ requests, customers: () => [{ name: 'Bo Baker' }] }));
    expect(() => searchFolder(folder)).toThrow('kept in ledger.db: Ann Able, Bo Baker');
  });

  it('finds one in an outcome, but for what it says that it changed', () => {
    const outcome = { customer_id: 'acct_1', to: 'lago', status: 'updated' as const, warnings: [] };
    const change = { field: 'name', target: 'name', change: 'set' as const, from: 'An Able', to: 'Ann Able' };
    expect(() => searchOutcome({ ...outcome, changes: [change] }, { name: 'Ann Able' }, [])).not.toThrow();
    const reason = 'Ann Able was refused';
    expect(() => searchOutcome({ ...outcome, changes: [], reason }, { name: 'Ann Able' }, [])).toThrow('Ann Able');
    expect(() => searchOutcome({ ...outcome, changes: [], reason: 'key sk_1' }, {}, ['sk_1'])).toThrow('sk_1');
  });
});

it.each([
  [
    'lines of JSON',
    `${customers}{"id":"acct_2","address":{"line1":"Main Street 1"}}`,
    ['Ann Able', 'ann@mail.example', 'Main Street 1'],
  ],
  ['a form', 'email=ann%40mail.example&address[city]=New+York&metadata[id]=a', ['ann@mail.example', 'New York']],
  ['a table', 'Kunde;E-Mail;City\nacct_1;ann@mail.example;Berlin\n', ['ann@mail.example', 'Berlin']],
  ['a table that is broken', 'a,"b\nann@mail.example', ['ann@mail.example']],
])('the values of customers are found in %s', (_what, text, values) => {
  expect(personalValuesOf(text)).toEqual(expect.arrayContaining(values));
});

it('a value is found as words of its own only', () => {
  expect(valuesFoundIn('Annually, Joanne and Ann-Marie', ['Ann', 'Jo'])).toEqual(['Ann']);
  expect(valuesFoundIn('call +49 30 123', ['+49 30 123', '+49 30 12'])).toEqual(['49 30 123']);
});
