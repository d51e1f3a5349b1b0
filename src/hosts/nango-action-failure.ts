import { z } from 'zod';
import { failureSchema } from '../../schemas/outcome.js';
import { CustomerSyncError } from '../core/errors.js';
import { isObject } from '../core/mapping/path.js';
import type { NangoPlace } from './nango-refusal.js';

const ownFailure = z.object(failureSchema.shape);

/** Nobody knows what the action has done. Reading its result again would say the same. */
export class ActionLost extends Error {
  override readonly name = 'ActionLost';
  readonly reason: string;

  constructor(reason: string) {
    super(reason);
    this.reason = reason;
  }
}

/** Says what a failed action means; `undefined` where the answer is not about an action. */
export function readActionFailure(
  status: number,
  error: unknown,
  { provider, integration }: NangoPlace,
): CustomerSyncError | ActionLost | undefined {
  const { code, payload, upstream } = isObject(error) ? error : {};
  const uncertain = (message: string, remedy: string) =>
    new CustomerSyncError('uncertain', { message, remedy, provider });
  switch (`${status} ${String(code)}`) {
    // A race of Nango's hides the true cause behind this one, and whether the action ran at all.
    case '500 action_script_failure':
      return new ActionLost('Nango lost sight of it');
    case '500 script_network_error':
      return new ActionLost('it lost its connection');
    case '500 action_script_runtime_error':
      return chosenByScript(payload, { provider, integration });
    case '500 script_internal_error':
      return isTooLarge(payload)
        ? uncertain(
            "the action's answer was larger than Nango lets through (2 MB), so what it wrote is not known",
            'Deploy the current actions, whose answers fit, then run again.',
          )
        : uncertain('the action broke off', "See the action's log in Nango, then run again: nothing is written twice.");
    case '424 script_http_error':
      return uncertain(
        `the action passed a failure of the provider on${statusText(upstream)}`,
        'The deployed action is not that of this package: deploy it, then run again.',
      );
    default:
      return undefined;
  }
}

/** Our actions throw our failures; another action of the same name throws what it likes. */
function chosenByScript(payload: unknown, { provider, integration }: Pick<NangoPlace, 'provider' | 'integration'>) {
  const parsed = ownFailure.safeParse(payload);
  if (!parsed.success) {
    return new CustomerSyncError('config', {
      message: `the action deployed for the integration "${integration}" does not take this input`,
      remedy: 'Deploy the actions of this package; another action has the same name, or they are older.',
      provider,
    });
  }
  const { code, provider_code: providerCode, ...details } = parsed.data;
  return new CustomerSyncError(code, { ...details, providerCode, provider });
}

function isTooLarge(payload: unknown): boolean {
  return isObject(payload) && String(payload['message']).startsWith('Output size is too large');
}

function statusText(upstream: unknown): string {
  return isObject(upstream) && typeof upstream['status'] === 'number' ? ` (${upstream['status']})` : '';
}
