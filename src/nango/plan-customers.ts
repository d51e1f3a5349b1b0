import type { PlanList, Planned } from '../../schemas/action-output.js';
import type { Customer } from '../../schemas/customer.js';
import type { Plan } from '../../schemas/outcome.js';
import { CustomerSyncError } from '../core/errors.js';
import { defaultRateShare } from '../core/run/limiter.js';
import { type Prepared, prepareUpsert } from '../core/upsert/prepare.js';
import type { Target } from '../core/upsert/target.js';
import { actionError, withActionErrors } from './action-error.js';
import { outcomeInNango } from './failure-in-nango.js';
import { oneByOne } from './one-by-one.js';
import { jsonBytes, maxOutputBytes, planWithoutValues, withoutValues } from './output-size.js';
import { isList, readCustomer, readList } from './read-input.js';
import type { ActionRuntime } from './runtime.js';
import type { ScriptProvider } from './script-provider.js';
import { openScriptTarget } from './script-target.js';
import { actionTimeLimit } from './time-limit.js';

/**
 * What `upsert-customers` would do with the same input, or `upsert-customers-batch` with a list. Every request that
 * could write is refused below the connector.
 * @throws nango.ActionError for one customer that cannot be planned.
 */
export async function planCustomers(
  nango: ActionRuntime,
  script: ScriptProvider,
  input: unknown,
): Promise<Plan | PlanList> {
  return isList(input) ? planList(nango, script, input) : planOne(nango, script, input);
}

async function planOne(nango: ActionRuntime, script: ScriptProvider, input: unknown): Promise<Plan> {
  const { provider } = script;
  const time = actionTimeLimit(Date.now());
  const customer = await readCustomer(nango, script, input);
  return withActionErrors(nango, provider, async () => {
    const target = await openScriptTarget(nango, { provider, time, readOnly: true });
    const prepared = await prepare(target, customer);
    if (prepared.kind === 'planned') return fitPlan(prepared.plan);
    const { error, reason, status } = prepared.outcome;
    const failure = error ?? { code: 'invalid_customer', message: reason ?? status, remedy: 'Nothing is to be done.' };
    throw actionError(nango, failure, { customer_id: customer.id, outcome: status });
  });
}

async function planList(nango: ActionRuntime, { provider, read }: ScriptProvider, input: unknown): Promise<PlanList> {
  const time = actionTimeLimit(Date.now());
  const { customers, rate_share: rateShare = defaultRateShare } = await readList(nango, input);
  return withActionErrors(nango, provider, async () => {
    const target = await openScriptTarget(nango, { provider, time, rateShare, readOnly: true });
    const { results, stopped } = await oneByOne<Planned>({
      target,
      time,
      customers,
      read,
      async attempt(customer, refuse) {
        const prepared = await prepare(target, customer);
        const refused = refuse(prepared);
        if (refused !== undefined) return { outcome: refused };
        return prepared.kind === 'planned' ? { plan: prepared.plan } : { outcome: prepared.outcome };
      },
    });
    return { results: fitList(results), ...(stopped !== undefined && { stopped }) };
  });
}

async function prepare(target: Target, customer: Customer): Promise<Prepared> {
  const prepared = await prepareUpsert(target, { customer, read: 'always' });
  if (prepared.kind === 'planned') return prepared;
  return { ...prepared, outcome: outcomeInNango(prepared.outcome, target.provider.definition) };
}

function fitPlan(plan: Plan): Plan {
  return jsonBytes(plan) <= maxOutputBytes ? plan : planWithoutValues(plan);
}

/** @throws CustomerSyncError `config` when even the bare plans are too large. */
function fitList(results: readonly Planned[]): Planned[] {
  const all = [...results];
  if (jsonBytes(all) <= maxOutputBytes) return all;
  const bare = all.map((result) =>
    'plan' in result
      ? { plan: planWithoutValues(result.plan) }
      : { outcome: { ...result.outcome, ...withoutValues(result.outcome) } },
  );
  if (jsonBytes(bare) <= maxOutputBytes) return bare;
  throw new CustomerSyncError('config', {
    message: "the plans of these customers are larger than Nango's answers may be (2 MB)",
    remedy: 'Send fewer customers at once. Nothing was written.',
  });
}
