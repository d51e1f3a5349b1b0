import type { Customer } from '../../schemas/customer.js';
import { identityKey } from '../core/upsert/locate.js';
import type { Target } from '../core/upsert/target.js';
import { fromNango } from './action-error.js';
import type { ActionRuntime } from './runtime.js';
import { lockMs } from './time-limit.js';

type Locker = Pick<ActionRuntime, 'connectionId' | 'providerConfigKey' | 'tryAcquireLock' | 'releaseLock'>;

/**
 * Takes a customer for this execution: by our id, and by what the provider finds it by. Answers what gives it back, or
 * `undefined` while another execution has it.
 *
 * The locks span the actions of one Nango environment (of one runner where Nango keeps them in the runner's memory, as
 * the CLI's dry run does). A job that runs elsewhere, or another environment with the same account, does not see them.
 */
export async function takeCustomer(
  nango: Locker,
  target: Target,
  customer: Customer,
): Promise<(() => Promise<void>) | undefined> {
  const taken: string[] = [];
  const giveBack = async () => {
    // A lock that cannot be given back ends with the action.
    for (const key of taken) await nango.releaseLock({ key }).catch(() => false);
  };
  for (const key of lockKeys(nango, target, customer)) {
    const isFree = await fromNango('give the lock of this customer', () =>
      nango.tryAcquireLock({ key, ttlMs: lockMs }),
    ).catch(async (error: unknown) => {
      await giveBack();
      throw error;
    });
    if (!isFree) {
      await giveBack();
      return undefined;
    }
    taken.push(key);
  }
  return giveBack;
}

function lockKeys(nango: Locker, target: Target, customer: Customer): string[] {
  const identity = identityKey(target, customer);
  const names = [customer.id, ...(identity === undefined ? [] : [identity])];
  const { providerConfigKey, connectionId } = nango;
  return [...new Set(names)].map((name) => lockKey(`customer-sync:${providerConfigKey}:${connectionId}`, name));
}

/** Nango takes keys of up to 255 bytes. Two names that share a hash would only wait for each other. */
function lockKey(place: string, name: string): string {
  const key = `${place}:${name}`;
  if (key.length <= 255 && /^[ -~]*$/.test(key)) return key;
  let hash = 0;
  for (let index = 0; index < key.length; index += 1) hash = (Math.imul(hash, 31) + key.charCodeAt(index)) | 0;
  return `${key.replace(/[^ -~]/g, '_').slice(0, 240)}:${hash}`;
}
