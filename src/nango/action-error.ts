import type { Failure } from '../../schemas/outcome.js';
import type { Provider } from '../core/connector.js';
import { CustomerSyncError, isCustomerSyncError } from '../core/errors.js';
import { failureInNango } from './failure-in-nango.js';
import type { ScriptRuntime } from './runtime.js';

type Thrower = Pick<ScriptRuntime, 'ActionError'>;

/** The error whose payload Nango passes on to the caller as it is. */
export function actionError(nango: Thrower, failure: Failure, about: Readonly<Record<string, unknown>> = {}): Error {
  return new nango.ActionError({ ...failure, ...about });
}

/** Runs a script's work; our errors leave it in the form that Nango shows to the caller. */
export async function withActionErrors<T>(
  nango: Thrower,
  { definition }: Provider,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isCustomerSyncError(error) ? actionError(nango, failureInNango(error.toFailure(), definition)) : error;
  }
}

/** What Nango's own services do for a script can fail as well, and then with errors of any shape. */
export async function fromNango<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch {
    throw new CustomerSyncError('unavailable', {
      message: `Nango did not ${what}`,
      remedy: 'Trigger the action again; nothing was sent to the provider.',
    });
  }
}
