import type { GuardName } from '../../jobs/job.js';
import type { Explanation } from './explanation.js';

const later = 'Yes, and it is stopped again until the numbers are within the limit, or are allowed once.';

/** What stops a run before it writes, and `--allow` lets pass once. */
export const guardExplanations: Readonly<Record<GuardName, Explanation>> = {
  empty: {
    meaning: 'The source is empty, and was not at the last run.',
    causes: ['the export failed, or its file was emptied before it was written anew', 'a query matches nobody'],
    remedy: ['Look at the source.', 'If it is right: customer-sync run <job> --allow empty.'],
    later,
  },
  shrunk: {
    meaning: 'The source has far fewer rows than at the last run.',
    causes: ['the export was cut off', 'a filter or a join in the query changed'],
    remedy: [
      'Compare the source with the one before.',
      'If it is right: --allow shrunk; if it often is, raise guards.max_shrink_percent of the job.',
    ],
    later,
  },
  changed: {
    meaning: 'More of the known customers would be changed than the job lets pass.',
    causes: ['a column was renamed, moved or reformatted', 'a mapping was changed, which concerns everybody'],
    remedy: [
      'Look at the changes: customer-sync dry-run --job <job>.',
      'If they are right: --allow changed; the limit is guards.max_changed_percent of the job.',
    ],
    later,
  },
  archived: {
    meaning: 'More customers would be archived than the job lets pass.',
    causes: ['customers are missing from the source', 'a filter of the job leaves them out'],
    remedy: [
      'Look whether they have left: customer-sync dry-run --job <job>.',
      'If they have: --allow archived; the limit is guards.max_archived of the job.',
    ],
    later,
  },
  first_write: {
    meaning: 'The account was never written to by this ledger, holds customers, and they do not look like yours.',
    causes: ['the key is that of another account', 'the account has your customers under other ids'],
    remedy: [
      'Read the numbers: whoever is not found would be created, a second time if they are there under another id.',
      'Tell the ledger who is who: customer-sync link --to <connection> --from ids.csv.',
      'If they are all new: --allow first_write.',
    ],
    later,
  },
};
