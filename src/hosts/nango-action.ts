import { setTimeout as sleep } from 'node:timers/promises';
import { maxBatchSize } from '../../schemas/action-input.js';
import { batchOutputSchema, type PlanList, planListSchema } from '../../schemas/action-output.js';
import type { Customer } from '../../schemas/customer.js';
import type { Provider } from '../core/connector.js';
import { CustomerSyncError, isCustomerSyncError } from '../core/errors.js';
import { providerMapping } from '../core/mapping/provider-mapping.js';
import { outcomeFor, outcomeOfError } from '../core/upsert/outcome.js';
import type { Target } from '../core/upsert/target.js';
import { describeIssues } from '../core/zod-issues.js';
import type { Remote, Result } from '../runner/remote.js';
import type { Slots } from '../runner/slots.js';
import { createBatcher } from './batcher.js';
import type { NangoAccess } from './nango-access.js';
import { type ActionCaller, createActionCaller } from './nango-action-call.js';
import type { Clock } from './nango-ask.js';
import { createNangoClient } from './nango-client.js';
import type { NangoPace } from './nango-pace.js';
import type { NangoPlace } from './nango-refusal.js';

export interface NangoActionOptions extends NangoAccess {
  readonly provider: Provider;
  /** The integration's unique key in Nango. */
  readonly integration: string;
  readonly connectionId: string;
  /** Name in outcomes. Default: the provider's id. */
  readonly name?: string | undefined;
  /** Part of the provider's rate that the action may use. Default: what the action does by itself, 0.5. */
  readonly rateShare?: number | undefined;
  readonly pace?: NangoPace | undefined;
  /** Shared by all connections of the environment, which Nango runs one after another. Absent: there is only this one. */
  readonly turns?: Slots | undefined;
  /** Default: the real clock. */
  readonly clock?: Clock | undefined;
}

/**
 * Lets the deployed actions do the work: `upsert-customers-batch`, and `plan-customers` for plans, so that a plan shows
 * what the deployed version will do with the overlay of the connection, and costs two requests for a hundred customers.
 */
export function createNangoAction({
  provider,
  integration,
  connectionId,
  name = provider.definition.id,
  rateShare,
  pace,
  turns = (task) => task(),
  clock = { now: Date.now, sleep: async (ms) => void (await sleep(ms)) },
  ...access
}: NangoActionOptions): Remote {
  const place: NangoPlace = { provider: provider.definition.id, integration, connectionId };
  const nango = createNangoClient(access, { raw: false });
  const caller = createActionCaller({ nango, place, pace, clock });
  const work: Work = { caller, target: { name, mapping: providerMapping(provider) }, rateShare, turns };
  const upserts = batcherOf((items) => runAll(items, work, 'upsert-customers-batch'));
  const plans = batcherOf((items) => runAll(items, work, 'plan-customers'));
  return {
    inFlight: 2 * maxBatchSize,
    async upsert(customer, signal) {
      const result = await upserts.add({ customer, signal });
      if (result.kind === 'outcome') return result.outcome;
      throw new RangeError('an upsert was answered with a plan');
    },
    plan: (customer, signal) => plans.add({ customer, signal }),
  };
}

interface Item {
  readonly customer: Customer;
  readonly signal: AbortSignal | undefined;
}

interface Work {
  readonly caller: ActionCaller;
  readonly target: Pick<Target, 'name' | 'mapping'>;
  readonly rateShare: number | undefined;
  readonly turns: Slots;
}

type ActionName = 'upsert-customers-batch' | 'plan-customers';

const megabyte = 1_000_000;
/** Nango takes inputs of about 10 MB, and repeats a larger one in its error. */
const maxCustomerBytes = 8 * megabyte;

function batcherOf(work: (items: readonly Item[]) => Promise<readonly Result[]>) {
  return createBatcher<Item, Result>({
    maxItems: maxBatchSize,
    // Web servers that stand in front of a Nango often take a megabyte and no more.
    maxBytes: 0.9 * megabyte,
    sizeOf: ({ customer }) => bytesOf(customer),
    work,
  });
}

function bytesOf(customer: Customer): number {
  return Buffer.byteLength(JSON.stringify(customer));
}

/** One result for each; whoever the action had no time for is given to it again. */
async function runAll(items: readonly Item[], work: Work, action: ActionName): Promise<Result[]> {
  const results = new Map<Item, Result>();
  let left = items.filter((item) => {
    const refused = refuseAtOnce(item, work);
    if (refused !== undefined) results.set(item, refused);
    return refused === undefined;
  });
  while (left.length > 0) {
    const customers = left;
    const answered = await work.turns(() => runOnce(customers, work, action));
    for (const [index, item] of left.entries()) {
      const result = answered.results[index];
      if (result !== undefined) results.set(item, result);
    }
    const unattempted = left.filter((item) => isUnattempted(results.get(item)));
    // Without any progress another round would bring none either.
    left = answered.ranOutOfTime && unattempted.length < left.length ? unattempted : [];
  }
  return items.flatMap((item) => results.get(item) ?? []);
}

function refuseAtOnce({ customer }: Item, { target }: Work): Result | undefined {
  if (bytesOf(customer) <= maxCustomerBytes) return undefined;
  const error = new CustomerSyncError('invalid_customer', {
    message: 'is larger than Nango takes (8 MB)',
    remedy: 'Shorten its metadata, or use --via nango-proxy.',
  });
  return { kind: 'outcome', outcome: outcomeOfError(target, customer.id, error) };
}

function isUnattempted(result: Result | undefined): boolean {
  return result?.kind === 'outcome' && result.outcome.status === 'not_attempted';
}

interface Answered {
  readonly results: readonly Result[];
  readonly ranOutOfTime: boolean;
}

async function runOnce(items: readonly Item[], work: Work, action: ActionName): Promise<Answered> {
  const { caller, target, rateShare } = work;
  const signal = items[0]?.signal;
  if (signal?.aborted) return { results: items.map((item) => interrupted(item, target)), ranOutOfTime: false };
  const input = {
    customers: items.map(({ customer }) => customer),
    ...(rateShare !== undefined && { rate_share: rateShare }),
  };
  try {
    const { results, stopped } = readOutput(await caller.call(action, input, signal), items, action);
    return { results: results.map((result) => named(result, target.name)), ranOutOfTime: stopped === 'time' };
  } catch (error) {
    if (!isCustomerSyncError(error)) throw error;
    const failure = action === 'plan-customers' ? nothingWritten(error) : error;
    const results = items.map(
      ({ customer }): Result => ({
        kind: 'outcome',
        outcome: outcomeOfError(target, customer.id, failure),
      }),
    );
    return { results, ranOutOfTime: false };
  }
}

function interrupted({ customer }: Item, target: Work['target']): Result {
  const reason = 'the run was interrupted';
  return { kind: 'outcome', outcome: { ...outcomeFor(target, customer.id, 'not_attempted'), reason } };
}

/** A plan whose fate is unknown is no write whose fate is unknown. */
function nothingWritten(error: CustomerSyncError): CustomerSyncError {
  if (error.code !== 'uncertain') return error;
  return new CustomerSyncError('unavailable', { ...error.details, remedy: 'Run again; nothing was written.' });
}

function named(result: PlanList['results'][number], to: string): Result {
  return 'plan' in result
    ? { kind: 'plan', plan: { ...result.plan, to } }
    : { kind: 'outcome', outcome: { ...result.outcome, to } };
}

/** @throws CustomerSyncError for an answer that cannot be read: `uncertain` where the action may have written all the same. */
function readOutput(output: unknown, items: readonly Item[], action: ActionName): PlanList {
  const parsed =
    action === 'plan-customers'
      ? planListSchema.safeParse(output)
      : batchOutputSchema
          .transform(({ results, ...rest }) => ({ ...rest, results: results.map((outcome) => ({ outcome })) }))
          .safeParse(output);
  if (!parsed.success) throw unreadable(action, describeIssues(parsed.error.issues, output)[0] ?? '');
  const { results } = parsed.data;
  if (results.length !== items.length)
    throw unreadable(action, `${results.length} results for ${items.length} customers`);
  for (const [index, result] of results.entries()) {
    const id = 'plan' in result ? result.plan.customer_id : result.outcome.customer_id;
    if (id !== undefined && id !== items[index]?.customer.id) throw unreadable(action, 'results in another order');
  }
  return parsed.data;
}

function unreadable(action: ActionName, why: string): CustomerSyncError {
  return new CustomerSyncError(action === 'plan-customers' ? 'config' : 'uncertain', {
    message: `the deployed ${action} answered in an unexpected shape: ${why}`,
    remedy: 'Deploy the actions of this version, then run again: nothing is written twice.',
  });
}
