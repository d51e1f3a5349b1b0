import type { CustomerSyncError } from '../core/errors.js';
import { outcomeFor } from '../core/upsert/outcome.js';
import type { Remote } from '../runner/remote.js';

/** Stands for a connection that cannot be used, so that each of its customers gets the reason. */
export function refuseAll(name: string, error: CustomerSyncError): Remote {
  const refused = (id: string) => ({ ...outcomeFor({ name }, id, 'failed'), error: error.toFailure() });
  return {
    inFlight: 1,
    upsert: async ({ id }) => refused(id),
    plan: async ({ id }) => ({ kind: 'outcome', outcome: refused(id) }),
  };
}
