import type { BatchOutput } from '../../schemas/action-output.js';
import { defaultRateShare } from '../core/run/limiter.js';
import { withActionErrors } from './action-error.js';
import { oneByOne } from './one-by-one.js';
import { fitOutcomes } from './output-size.js';
import { readList } from './read-input.js';
import type { ActionRuntime } from './runtime.js';
import type { ScriptProvider } from './script-provider.js';
import { openScriptTarget } from './script-target.js';
import { actionTimeLimit } from './time-limit.js';
import { upsertOne } from './upsert-one.js';

/**
 * Creates or updates a list of customers from inside a Nango action. What becomes of each is data.
 * @throws nango.ActionError only for what concerns all of them: the list itself, the overlay, Nango's own services.
 */
export async function upsertBatch(
  nango: ActionRuntime,
  { provider, read }: ScriptProvider,
  input: unknown,
): Promise<BatchOutput> {
  const time = actionTimeLimit(Date.now());
  const { customers, rate_share: rateShare = defaultRateShare } = await readList(nango, input);
  return withActionErrors(nango, provider, async () => {
    const target = await openScriptTarget(nango, { provider, time, rateShare });
    const { results, stopped } = await oneByOne({
      target,
      time,
      customers,
      read,
      attempt: (customer, refuse) => upsertOne(nango, target, customer, refuse),
    });
    return {
      results: fitOutcomes(results.map(({ outcome }) => outcome)),
      ...(stopped !== undefined && { stopped }),
    };
  });
}
