import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { JOE, SUBJECTS, type Subject } from '../core/upsert/flow.js';
import { expectFilledIn, leftToFillIn } from '../fill-in.js';
import { cellsOf, isDeep } from './cells.js';
import { type DataCase, dataCases, expectedOfData } from './data-cases.js';
import type { Operation } from './expected.js';
import { openStage, type RunCell, type Stage } from './stage.js';
import { HOSTS, type HostName, type Result, type Way } from './ways.js';

const SMITH = { ...JOE, last_name: 'Smith' };
const personal = ['joe@', 'Joe', 'Bloggs', 'Smith'];

/**
 * Runs the cases of the list for one provider, and hostile data.
 * @param isExhaustive those of the exhaustive run instead of those of every day
 */
export function conform(id: string, isExhaustive = false): void {
  // Until then the cells would fail by the hundred, all for the same reasons.
  const left = leftToFillIn(id, '{providers,integrations,emulators,test/core/upsert,test/conformance}/**/*.ts');
  if (left.length > 0) {
    it('is run when nothing is left to fill in', () => expectFilledIn(id, left));
    return;
  }
  const subject = subjectOf(id);
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(subject);
  });
  beforeEach(() => stage.reset());
  afterEach(() => {
    vi.restoreAllMocks();
  });
  afterAll(() => stage.close());

  const cells = cellsOf(subject).filter(
    (cell): cell is RunCell => cell.kind === 'run' && isDeep(cell) === isExhaustive,
  );
  describe.each([...new Set(cells.map(({ fault }) => fault))])('$name', (fault) => {
    it.each(cells.filter((cell) => cell.fault === fault))('$operation, $attempt attempt, $host', (cell) =>
      runCell(subject, stage, cell),
    );
  });
  if (isExhaustive) return;
  describe.each(HOSTS)('through %s, a customer with', (host) => {
    it.each(dataCases)('$name', (given) => carry(subject, stage, given, host));
  });
}

async function runCell(subject: Subject, stage: Stage, cell: RunCell): Promise<void> {
  const { operation, expected, fault, attempt } = cell;
  if (operation !== 'create') await subject.createElsewhere(stage, JOE.first_name);
  const way = stage.prepare(cell);
  way.reset();
  const { status, code } = await act(subject, stage, way, operation);
  const steps = stage.steps();
  await stage.deliverHeld();

  const { done, ...rest } = expected;
  expect({ status, code, steps }).toEqual({ code: undefined, ...rest });
  expect(subject.names(stage.emulator)).toEqual(namesAfter(operation, done));
  expectNothingSecret(stage, way);
  if (fault.waitMs === undefined || attempt !== 'first' || way.waits === undefined) return;
  expect(way.waits).toHaveLength(1);
  // A date has no parts of a second, and waits are spread a little.
  expect(Math.abs((way.waits[0] ?? 0) - fault.waitMs)).toBeLessThan(2_000);
}

async function act({ provider }: Subject, { emulator }: Stage, way: Way, operation: Operation): Promise<Result> {
  if (operation !== 'archive') return way.upsert(operation === 'update' ? SMITH : JOE);
  const { address, provider_id } = provider.definition.identity;
  const [record = {}] = emulator.customers();
  if (way.archive === undefined) throw new Error('nothing archives here');
  return way.archive(JOE.id, address === 'our_id' ? JOE.id : String(Reflect.get(record, provider_id)));
}

async function carry({ id, names }: Subject, stage: Stage, given: DataCase, host: HostName): Promise<void> {
  const { emulator } = stage;
  const way = stage.ways[host];
  way.reset();
  const results = [await way.upsert(JSON.parse(given.json)), await way.upsert(JSON.parse(given.json))];
  expect(results.map(({ status }) => status).join(', then ')).toBe(expectedOfData(given, id));
  expect(names(emulator)).toHaveLength(results[0]?.status === 'created' ? 1 : 0);
  expect(names(emulator).join()).toContain(given.holds ?? '');
  expect(emulator.requests.flatMap(({ headers }) => Object.keys(headers))).not.toContain('x-evil');
  expectNothingSecret(stage, way);
}

function expectNothingSecret({ secrets }: Stage, { said }: Way): void {
  const text = JSON.stringify(said);
  for (const secret of [...personal, ...secrets]) expect(text).not.toContain(secret);
}

function namesAfter(operation: Operation, done: boolean): string[] {
  if (operation === 'create') return done ? ['Joe Bloggs'] : [];
  if (operation === 'archive') return done ? [] : ['Joe Bloggs'];
  return operation === 'update' && done ? ['Joe Smith'] : ['Joe Bloggs'];
}

function subjectOf(id: string): Subject {
  const subject = SUBJECTS.find((candidate) => candidate.id === id);
  if (subject === undefined) throw new Error(`${id} is not among the subjects of test/core/upsert/flow.ts`);
  return subject;
}
