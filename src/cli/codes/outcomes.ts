import { type OutcomeStatus, outcomeStatuses } from '../../../schemas/outcome.js';
import type { Explanation } from './explanation.js';

function explained(status: OutcomeStatus, remedy: string): Explanation {
  return { meaning: outcomeStatuses[status], remedy: [remedy] };
}

/** What became of one customer at one connection. */
export const outcomeExplanations: Readonly<Record<OutcomeStatus, Explanation>> = {
  created: explained('created', 'Nothing.'),
  updated: explained('updated', 'Nothing.'),
  unchanged: explained('unchanged', 'Nothing.'),
  linked: explained('linked', 'Nothing.'),
  archived: explained('archived', 'Nothing. To have the customer back, restore it at the provider and in the source.'),
  skipped: explained(
    'skipped',
    'Nothing, if the reason given is what you want: a filter, a tombstone, the mode of a job.',
  ),
  invalid: explained('invalid', 'Correct the fields named, in the source or in the mapping: help invalid_customer.'),
  rejected: explained('rejected', 'Correct the fields named, in the source or in the mapping; a job waits for that.'),
  conflict: explained('conflict', 'Decide which record is whose, and name it under external_ids or with link.'),
  failed: explained('failed', 'Look at the code of the error; most pass by themselves with a later run.'),
  uncertain: explained('uncertain', 'Run again: it is read back before anything is sent.'),
  not_attempted: explained('not_attempted', 'Mend what ended the run; the next one takes these customers up.'),
};
