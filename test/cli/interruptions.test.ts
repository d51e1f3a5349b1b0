import { describe, type ExpectStatic, it } from 'vitest';
import { z } from 'zod';
import { type Outcome, outcomeSchema } from '../../schemas/outcome.js';
import { type CliResult, endOf, type Stage, startBinary, startProviders } from './command-line.js';

const rows = Array.from({ length: 60 }, (_, number) => ({
  id: `c${number}`,
  name: `Name ${number}`,
  email: `c${number}@example.org`,
}));
const input = rows.map((row) => `${JSON.stringify(row)}\n`).join('');

const reportSchema = z.object({
  results: z.array(z.object({ outcome: outcomeSchema })),
  summary: z.object({
    rows: z.int(),
    targets: z.array(z.object({ to: z.string(), counts: z.record(z.string(), z.int()) })),
  }),
});

/** An apply that takes about a second, for something to happen in the middle of it. */
function startApply({ env, emulator }: Stage, id: string, ...args: string[]) {
  emulator(id).faults.add({ kind: 'delay', ms: 25 }, { times: 1000 });
  return startBinary(['apply', '-', '--to', id, '--yes', '--json', ...args], { env });
}

/** Resolves when the provider holds so many customers. */
async function holds(stage: Stage, id: string, count: number): Promise<void> {
  while (stage.emulator(id).customers().length < count) await pause();
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}

/** A provider's outcomes by what became of the customer; every row must be there once, in its order, and be counted. */
function outcomesOf(
  { stdout }: CliResult,
  id: string,
  expect: ExpectStatic,
): Partial<Record<Outcome['status'], Outcome[]>> {
  const { results, summary } = reportSchema.parse(JSON.parse(stdout));
  const outcomes = results.map(({ outcome }) => outcome).filter(({ to }) => to === id);
  expect(outcomes.map(({ customer_id }) => customer_id)).toEqual(rows.map((row) => row.id));
  const byStatus = Object.groupBy(outcomes, ({ status }) => status);
  expect(summary.rows).toBe(rows.length);
  expect(summary.targets.find(({ to }) => to === id)?.counts).toEqual(
    Object.fromEntries(Object.entries(byStatus).map(([status, list]) => [status, list.length])),
  );
  return byStatus;
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

// A provider that is away is asked again with growing pauses, so this takes a while. What becomes of the customers at
// each provider is in test/runner/killed-provider.test.ts, without the pauses.
describe.concurrent('a provider that is killed in the middle of a run', () => {
  it('is given up after a few customers; the report says what became of each, and the other provider goes on', async ({
    expect,
    onTestFinished,
  }) => {
    const stage = await startProviders(['lago', 'autumn'], { onTestFinished });
    stage.emulator('lago').faults.add({ kind: 'delay', ms: 25 }, { times: 1000 });
    const child = startBinary(['apply', '-', '--to', 'lago,autumn', '--yes', '--json'], { env: stage.env });
    const result = endOf(child, { env: stage.env, input });
    await holds(stage, 'lago', 5);
    await stage.emulator('lago').close();
    const {
      created = [],
      uncertain = [],
      failed = [],
      not_attempted: left = [],
      ...others
    } = outcomesOf(await result, 'lago', expect);
    const held = heldIds(stage, 'lago');
    expect(others).toEqual({});
    expect(held).toEqual(expect.arrayContaining(idsOf(created)));
    expect(idsOf([...created, ...uncertain])).toEqual(expect.arrayContaining(held));
    expect(created.length).toBeGreaterThanOrEqual(5);
    expect(failed.length + uncertain.length).toBeGreaterThan(0);
    for (const { error } of [...failed, ...uncertain]) expect(error?.remedy).toMatch(/\brun again\b/i);
    expect(left.at(-1)?.reason).toMatch(
      /^stopped after 5 failures in a row: Lago gave no usable answer to \w+ \(ECONN\w+\)/,
    );
    expect(outcomesOf(await result, 'autumn', expect)).toEqual({ created: expect.any(Array) });
    expect(stage.emulator('autumn').customers()).toHaveLength(rows.length);
    const { code, stderr } = await result;
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
      const { created = [], not_attempted: left = [], ...others } = outcomesOf(await result, 'lago', expect);
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
    const child = startBinary(['apply', '-', '--to', 'lago', '--yes'], { env: stage.env });
    child.stderr.once('data', () => child.kill('SIGINT'));
    const result = endOf(child, { env: stage.env, input });
    while (!stage.emulator('lago').requests.some(({ method }) => method === 'POST')) await pause();
    child.kill('SIGINT');
    expect((await result).code).toBe(130);
    expect(stage.emulator('lago').customers()).toEqual([]);
  });
});
