import { pMapIterable } from 'p-map';
import type { Customer } from '../../schemas/customer.js';
import type { Outcome, Warning } from '../../schemas/outcome.js';
import type { Provider } from '../core/connector.js';
import { parseCustomer, readableId } from '../core/customer/parse-customer.js';
import { CustomerSyncError } from '../core/errors.js';
import { nearest } from '../core/nearest.js';
import { type Claims, createClaims } from '../core/run/claims.js';
import { createStopRule, type StopRule } from '../core/run/stop.js';
import { executeUpsert } from '../core/upsert/execute.js';
import { identityKey } from '../core/upsert/locate.js';
import { invalidOutcome, outcomeFor } from '../core/upsert/outcome.js';
import { type Prepared, prepareUpsert, type ReadPolicy } from '../core/upsert/prepare.js';
import type { FieldProblem } from '../core/zod-issues.js';
import { createAccountLimiters } from './account-limiters.js';
import { claimKnown, claimRecord, outcomeResult, rivalOutcome } from './claim-record.js';
import { type Connection, type ConnectOptions, createConnection } from './connection.js';
import type { Result } from './remote.js';
import type { SourceRow } from './row.js';
import { createSlots } from './slots.js';
import { unknownProviderNotes } from './unknown-providers.js';

export type { Result } from './remote.js';

export interface RowResult {
  readonly row: SourceRow;
  /** One for each connection, in their order. */
  readonly results: readonly Result[];
}

export interface RunOptions {
  /** Customers in flight at once, at each connection. Default: 10. */
  readonly concurrency?: number;
  /** Ends the run: what is in flight is finished, the rest is `not_attempted`. */
  readonly signal?: AbortSignal;
}

export interface DryRunOptions extends RunOptions {
  /** `never` asks the provider nothing and shows payloads. Default: `always`. */
  readonly read?: ReadPolicy;
}

export interface Runner {
  /** Keys of the providers it knows. */
  readonly providers: readonly string[];
  /** @throws CustomerSyncError `config` for an unknown key, naming those it knows. */
  provider(key: string): Provider;
  /** @throws CustomerSyncError `config` for an unknown key, `mapping` for a bad overlay. */
  connect(options: ConnectOptions & { readonly to: string }): Connection;
  /** Plans every row for every connection and writes nothing. Results come in input order. */
  dryRun(connections: readonly Connection[], rows: Rows, options?: DryRunOptions): AsyncIterable<RowResult>;
  /** Creates and updates. Results come in input order; one customer's failure does not stop the others. */
  apply(connections: readonly Connection[], rows: Rows, options?: RunOptions): AsyncIterable<RowResult>;
  /** What `upsert` would do with one customer: a plan, or an outcome where nothing is to be done. Writes nothing. */
  planCustomer(connection: Connection, customer: unknown, options?: DryRunOptions): Promise<Result>;
  /** Creates or updates one customer or a list of them. */
  upsert(connection: Connection, customers: unknown): Promise<Outcome[]>;
}

export type Rows = Iterable<SourceRow> | AsyncIterable<SourceRow>;

/** The one path for all uses: rows in, one result for each connection out. */
export function createRunner({ providers }: { readonly providers: readonly Provider[] }): Runner {
  const limiterOf = createAccountLimiters();
  const byKey = new Map(providers.map((provider) => [provider.definition.id, provider]));
  const runner: Runner = {
    providers: [...byKey.keys()],
    provider(key) {
      const provider = byKey.get(key);
      if (provider === undefined) throw unknownProvider(key, runner.providers);
      return provider;
    },
    connect({ to, ...options }) {
      const provider = runner.provider(to);
      if (options.remote !== undefined || options.account === undefined)
        return createConnection({ ...options, provider });
      const limiter = limiterOf(provider.definition, options.account, options.host);
      return createConnection({ ...options, provider, limiter });
    },
    dryRun(connections, rows, { read = 'always', ...options } = {}) {
      return run(
        connections,
        rows,
        { ...options, providers: runner.providers },
        async ({ reader, remote }, customer, claims) => {
          if (remote !== undefined)
            return claimKnown(reader, customer, claims) ?? remote.plan(customer, options.signal);
          const prepared = await prepareUpsert(reader, { customer, read });
          const taken = claimRecord(reader.name, customer, prepared, claims);
          return taken === undefined ? resultOf(prepared) : outcomeResult(taken);
        },
      );
    },
    apply(connections, rows, options = {}) {
      return run(
        connections,
        rows,
        { ...options, providers: runner.providers },
        async ({ writer, remote }, customer, claims) => {
          if (remote !== undefined) {
            const taken = claimKnown(writer, customer, claims);
            return taken ?? outcomeResult(await remote.upsert(customer, options.signal));
          }
          const input = { customer, read: 'always' as const };
          const prepared = await prepareUpsert(writer, input);
          const taken = claimRecord(writer.name, customer, prepared, claims);
          return outcomeResult(taken ?? (await executeUpsert(writer, input, prepared)).outcome);
        },
      );
    },
    async planCustomer(connection, customer, options) {
      const planned: Result[] = [];
      for await (const { results } of runner.dryRun([connection], [{ value: customer }], options))
        planned.push(...results);
      const [result] = planned;
      if (result === undefined) throw new RangeError('a customer was planned without a result');
      return result;
    },
    async upsert(connection, customers) {
      const rows = [customers].flat().map((value: unknown) => ({ value }));
      const outcomes: Outcome[] = [];
      for await (const { results } of runner.apply([connection], rows)) {
        for (const result of results) if (result.kind === 'outcome') outcomes.push(result.outcome);
      }
      return outcomes;
    },
  };
  return runner;
}

/** So many rows the fastest of several connections may be ahead of the slowest, which holds up nobody until then. */
const runAhead = 1_000;

type Attempt = (connection: Connection, customer: Customer, claims: Claims) => Promise<Result>;

function run(
  connections: readonly Connection[],
  rows: Rows,
  options: RunOptions & Pick<Runner, 'providers'>,
  attempt: Attempt,
): AsyncIterable<RowResult> {
  const { signal } = options;
  const slotsOf = ({ remote, maxInFlight = Number.POSITIVE_INFINITY }: Connection) =>
    remote?.inFlight ?? Math.min(options.concurrency ?? 10, maxInFlight);
  const seen = new Map<string, string>();
  const states = connections.map((connection) => ({
    connection,
    withSlot: createSlots(slotsOf(connection)),
    stop: createStopRule(),
    claims: createClaims(),
  }));
  const inFlight = Math.max(1, ...connections.map(slotsOf));
  const stopWaiting = () => {
    for (const connection of connections) connection.stopWaiting?.();
  };
  signal?.addEventListener('abort', stopWaiting, { once: true });
  const window = connections.length > 1 ? Math.max(runAhead, inFlight) : inFlight;

  return pMapIterable(
    rows,
    async (row) => {
      const parsed = readRow(row, seen);
      const unknown = parsed.kind === 'customer' ? unknownProviderNotes(parsed.customer, options.providers) : [];
      const notes = [...(row.notes ?? []), ...unknown];
      const results = await Promise.all(
        states.map(async ({ connection, withSlot, stop, claims }) => {
          const result =
            parsed.kind === 'invalid'
              ? outcomeResult(
                  invalidOutcome(connection, parsed.id, parsed.problems, 'Correct the row and feed it again.'),
                )
              : await withSlot(async () => {
                  const attempted = await attemptOne(connection, parsed.customer, claims, stop, signal, attempt);
                  // Before the slot is handed on: the next customer must know that nothing can go on.
                  stop.note(attempted.kind === 'outcome' ? attempted.outcome : undefined);
                  return attempted;
                });
          return withNotes(result, notes);
        }),
      );
      return { row, results };
    },
    { concurrency: window, backpressure: Math.max(window, inFlight * 4) },
  );
}

type ReadRow =
  | { readonly kind: 'customer'; readonly customer: Customer }
  | { readonly kind: 'invalid'; readonly id?: string | undefined; readonly problems: readonly FieldProblem[] };

/** @param seen id -> where it stood first; two rows of one customer would undo each other. */
function readRow({ value, problems, at }: SourceRow, seen: Map<string, string>): ReadRow {
  if (problems !== undefined) return { kind: 'invalid', id: readableId(value), problems };
  const parsed = parseCustomer(value);
  if (!parsed.ok) return { kind: 'invalid', id: parsed.id, problems: parsed.problems };
  const { id } = parsed.customer;
  const first = seen.get(id);
  if (first !== undefined) {
    const where = first === '' ? '' : `; the first is at ${first}`;
    return { kind: 'invalid', id, problems: [{ field: 'id', message: `stands in more than one row${where}` }] };
  }
  seen.set(id, at ?? '');
  return { kind: 'customer', customer: parsed.customer };
}

async function attemptOne(
  connection: Connection,
  customer: Customer,
  claims: Claims,
  stop: StopRule,
  signal: AbortSignal | undefined,
  attempt: Attempt,
): Promise<Result> {
  const { name, provider, writer, lock } = connection;
  // A tombstone stands for nobody: whoever has its e-mail address now is another customer.
  const identity = customer.deleted ? undefined : identityKey(writer, customer);
  const rival = identity === undefined ? undefined : claims.claim(`match:${identity}`, customer.id);
  if (rival !== undefined)
    return outcomeResult(
      rivalOutcome(name, customer.id, rival, `has the same ${provider.definition.identity.match.record}`),
    );

  const keys = [`id:${customer.id}`, ...(identity === undefined ? [] : [`match:${identity}`])];
  return lock(keys, async () => {
    const reason = stop.reason ?? (signal?.aborted ? 'the run was interrupted' : undefined);
    if (reason !== undefined) return outcomeResult({ ...outcomeFor(connection, customer.id, 'not_attempted'), reason });
    return attempt(connection, customer, claims);
  });
}

function resultOf(prepared: Prepared): Result {
  return prepared.kind === 'settled' ? outcomeResult(prepared.outcome) : { kind: 'plan', plan: prepared.plan };
}

function withNotes(result: Result, notes: readonly Warning[]): Result {
  if (notes.length === 0) return result;
  if (result.kind === 'plan')
    return { kind: 'plan', plan: { ...result.plan, warnings: [...notes, ...result.plan.warnings] } };
  return outcomeResult({ ...result.outcome, warnings: [...notes, ...result.outcome.warnings] });
}

function unknownProvider(key: string, known: readonly string[]): CustomerSyncError {
  return new CustomerSyncError('config', {
    message: `there is no provider "${key}"${nearest(key, known)}`,
    remedy: `Known providers: ${known.join(', ')}.`,
  });
}
