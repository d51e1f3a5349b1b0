import { describe, type ExpectStatic, it } from 'vitest';
import { z } from 'zod';
import { type Outcome, outcomeSchema } from '../../schemas/outcome.js';
import { type CliResult, endOf, providerIds, type Stage, startCli, startProviders } from './command-line.js';

const rows = Array.from({ length: 60 }, (_, number) => ({
  id: `c${number}`,
  name: `Name ${number}`,
  email: `c${number}@example.org`,
}));
const input = rows.map((row) => `${JSON.stringify(row)}\n`).join('');

/** An apply that takes about a second, for something to happen in the middle of it. */
function startApply({ env, emulator }: Stage, id: string, ...args: string[]) {
  emulator(id).faults.add({ kind: 'delay', ms: 25 }, { times: 1000 });
  return startCli(['apply', '-', '--to', id, '--yes', '--json', ...args], { env });
}

/** Resolves when the provider holds so many customers. */
async function holds(stage: Stage, id: string, count: number): Promise<void> {
  while (stage.emulator(id).customers().length < count) await pause();
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}

/** Outcomes by what became of the customer; every row must be there once, in its order. */
function outcomesOf({ stdout }: CliResult, expect: ExpectStatic): Partial<Record<Outcome['status'], Outcome[]>> {
  const results = z.array(z.object({ outcome: outcomeSchema })).parse(JSON.parse(stdout).results);
  expect(results.map(({ outcome }) => outcome.customer_id)).toEqual(rows.map(({ id }) => id));
  return Object.groupBy(
    results.map(({ outcome }) => outcome),
    ({ status }) => status,
  );
}

function idsOf(outcomes: readonly Outcome[]): (string | undefined)[] {
  return outcomes.map(({ customer_id }) => customer_id);
}

/** The ids that a provider holds; each has its own word for ours, and Recharge has the address only. */
function heldIds(stage: Stage, id: string): string[] {
  return stage
    .emulator(id)
    .customers()
    .map((record) => (/c\d+(?=@example\.org)/.exec(JSON.stringify(record)) ?? [''])[0]);
}

// A provider that is away is asked again with growing pauses, so these take a while.
describe.concurrent('a provider that is killed in the middle of a run', { timeout: 60_000 }, () => {
  it.for(providerIds)(
    '%s: the report says who was written, who was not and who is uncertain',
    async (id, { expect, onTestFinished }) => {
      const stage = await startProviders([id], { onTestFinished });
      const result = endOf(startApply(stage, id), { env: stage.env, input });
      await holds(stage, id, 5);
      await stage.emulator(id).close();
      const {
        created = [],
        uncertain = [],
        failed = [],
        not_attempted: left = [],
        ...others
      } = outcomesOf(await result, expect);
      const held = heldIds(stage, id);
      expect(others).toEqual({});
      expect(held).toEqual(expect.arrayContaining(idsOf(created)));
      expect(idsOf([...created, ...uncertain])).toEqual(expect.arrayContaining(held));
      expect(created.length).toBeGreaterThanOrEqual(5);
      expect(failed.length + uncertain.length).toBeGreaterThan(0);
      expect(left.length).toBeGreaterThan(0);
      expect((await result).code).toBe(1);
      expect((await result).stderr).toBe('');
    },
  );
});

describe.concurrent('a provider that is away from the start', { timeout: 60_000 }, () => {
  it('is given up after a few customers, and the other goes on', async ({ expect, onTestFinished }) => {
    const stage = await startProviders(['lago', 'autumn'], { onTestFinished });
    await stage.emulator('lago').close();
    const child = startCli(['apply', '-', '--to', 'lago,autumn', '--yes'], { env: stage.env });
    const { stdout, stderr, code } = await endOf(child, { env: stage.env, input });
    expect(stdout).toContain(
      'x failed c0  lago  stdin line 1\n    Lago gave no usable answer to list (ECONNREFUSED)\n' +
        '    -> Check the network and the base URL (LAGO_BASE_URL), then run again.\n',
    );
    expect(stdout).toContain(
      '    stopped after 5 failures in a row: Lago gave no usable answer to list (ECONNREFUSED)\n',
    );
    expect(stdout).toMatch(/^lago: 60 customers: \d+ failed, \d+ not_attempted$/m);
    expect(stdout).toMatch(/^autumn: 60 customers: 60 created$/m);
    expect(stage.emulator('autumn').customers()).toHaveLength(60);
    expect([stderr, code]).toEqual(['', 1]);
  });
});

describe.concurrent('a signal during apply', () => {
  it.for([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    '%s finishes what is in flight, leaves the rest and ends with %i',
    async ([signal, ends], { expect, onTestFinished }) => {
      const stage = await startProviders(['lago'], { onTestFinished });
      const child = startApply(stage, 'lago', '--concurrency', '4');
      const result = endOf(child, { env: stage.env, input });
      await holds(stage, 'lago', 5);
      child.kill(signal);
      const { code, stderr } = await result;
      const { created = [], not_attempted: left = [], ...others } = outcomesOf(await result, expect);
      expect(others).toEqual({});
      expect(left.length).toBeGreaterThan(0);
      expect(heldIds(stage, 'lago').sort()).toEqual(idsOf(created).sort());
      expect(stderr).toBe('Finishing what is in flight; once more ends at once.\n');
      expect(code).toBe(ends);
    },
  );

  it('ends at once when it comes a second time', async ({ expect, onTestFinished }) => {
    const stage = await startProviders(['lago'], { onTestFinished });
    stage.emulator('lago').faults.add({ kind: 'hang' }, { method: 'POST', times: 100 });
    const child = startCli(['apply', '-', '--to', 'lago', '--yes'], { env: stage.env });
    child.stderr.once('data', () => child.kill('SIGINT'));
    const result = endOf(child, { env: stage.env, input });
    while (!stage.emulator('lago').requests.some(({ method }) => method === 'POST')) await pause();
    child.kill('SIGINT');
    expect((await result).code).toBe(130);
    expect(stage.emulator('lago').customers()).toEqual([]);
  });
});
