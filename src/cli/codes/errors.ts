import { type ErrorCode, errorCodes } from '../../../schemas/error-codes.js';
import type { Explanation } from './explanation.js';

const passing = 'Yes: a job tries again after 1, 4, 16 and 64 minutes, then after 4 and every 6 hours';

/** Every error, with all that is known of it. */
export const errorExplanations: Readonly<Record<ErrorCode, Required<Explanation>>> = {
  config: {
    meaning: errorCodes.config,
    causes: [
      'a key or another variable is not set where the program runs',
      'a file is not where it is named, is empty, or has another format than its name says',
      'customer-sync.yaml has an unknown key, or names a connection, a source or a job that is not there',
      'a base URL leads to something that is not the API of this provider',
    ],
    remedy: [
      'Do what the line behind the arrow says: it names the key, the file or the option.',
      'Let customer-sync doctor look at keys, files, sources and the ledger; it says what to mend.',
    ],
    later:
      'Only after it is mended: a command ends at once, and a job leaves the rest of the connection not attempted.',
    example:
      'error (config): there is no key for Lago: LAGO_API_KEY is not set\nThe key was set in another shell. "export LAGO_API_KEY=..." in this one helps.',
  },
  mapping: {
    meaning: errorCodes.mapping,
    causes: [
      'a path of the customer is misspelt',
      'a limit, a transform or a condition does not fit the field',
      'an overlay changes what an overlay may not change',
    ],
    remedy: [
      'Run customer-sync lint <file>: it lists all that is wrong, with the lines.',
      'Look at one field with customer-sync explain <file> --to <provider> --id <id>.',
    ],
    later: 'Only after it is mended: nothing is sent with a mapping that is not valid.',
    example:
      'error (mapping): overlay.json: fields.name: unknown path "naem" (did you mean "name"?)\n"from": "name" helps.',
  },
  invalid_customer: {
    meaning: errorCodes.invalid_customer,
    causes: [
      'the row has no id, or one that another row has as well',
      'a field that the provider requires is empty: Recharge finds customers by e-mail, so it needs one',
      'a value is no e-mail address, country code or the like, or is longer than the provider takes',
      'an empty text stands where null (clear) or nothing (leave alone) is meant',
    ],
    remedy: [
      'Correct the row in the source; the message names each field.',
      'Or have the source mapping or an overlay deal with such values: "overflow": "truncate", or a transform.',
      'apply --rejects rejected.csv writes these rows to a file of their own, ready to be mended and fed again.',
    ],
    later: 'No: a job tries again when the row or the mapping has changed, or with customer-sync retry.',
    example:
      'x crm-8  export.csv line 9\n    email: is not an e-mail address [invalid_customer]\nThe address was corrected in the source.',
  },
  auth: {
    meaning: errorCodes.auth,
    causes: [
      'the key was revoked, or copied without its last characters',
      'it is the key of another environment: sandbox instead of live, or another region',
      'it is a publishable key where a secret one is needed',
    ],
    remedy: [
      'Create or copy the key anew at the provider, and set the variable that the message names.',
      'Check that the base URL belongs to the same environment and region; customer-sync doctor tries it.',
    ],
    later: 'Yes, with the next run: the rest of the connection is not attempted, and nothing is lost.',
    example: 'Lago answered 401 to list [auth]\nThe key was of the EU region: LAGO_BASE_URL=eu helps.',
  },
  forbidden: {
    meaning: errorCodes.forbidden,
    causes: ['the key may read but not write customers', 'the account or its plan may not use this part of the API'],
    remedy: [
      'Give the key the scopes that "customer-sync providers <provider>" lists.',
      'For an account that is blocked or whose plan lacks the feature, ask the provider.',
    ],
    later: `${passing}; five in a row end the connection for this run.`,
    example: 'Recharge answered 403 to update [forbidden]\nThe token lacked write_customers.',
  },
  not_found: {
    meaning: errorCodes.not_found,
    causes: [
      'the base URL has a path too many, or leads to another server',
      'somebody deleted the record while it was being written',
      'external_ids names a record that is not in this account',
    ],
    remedy: [
      'If it is so for everybody, check the base URL: customer-sync doctor.',
      'If it is one customer, run again: it is looked up anew. If it stays, correct or remove its external_ids.',
    ],
    later: `${passing}.`,
    example: 'Recharge answered 404 to find: endpoint not found [not_found]\nRECHARGE_BASE_URL had a path too many.',
  },
  conflict: {
    meaning: errorCodes.conflict,
    causes: [
      'the provider has two records with the same e-mail address',
      'two of your customers have the address by which the provider finds them',
      'the record that was found carries the id of another customer',
    ],
    remedy: [
      'Decide which record is whose. Merge the others at the provider, or correct the source.',
      'Name the record: external_ids.<provider> in the source, or customer-sync link --to <connection> --from ids.csv.',
    ],
    later: `${passing}; but it is a conflict until somebody decides.`,
    example:
      'Recharge has 2 records with this email: 8113, 9027 [conflict]\n"external_ids": { "recharge": "9027" } in the source helps.',
  },
  rejected: {
    meaning: errorCodes.rejected,
    causes: [
      'a value that our rules let through does not please the provider: a country, a currency, a tax number',
      'a field needs a feature that the account does not have',
      'the provider failed at this customer in three runs in a row, with the same answer',
    ],
    remedy: [
      'Correct the fields that the message names, in the source.',
      'Or leave the field out at this provider: an overlay that takes the rule away under "remove".',
    ],
    later: 'No: a job tries again when the customer or the mapping has changed, or with customer-sync retry.',
    example:
      'Lago answered 404 to create: Not Found [rejected]\n  -> Create it in Lago first, or correct the code under provider_fields.lago.\nThe billing entity that the source names was misspelt.',
  },
  rate_limited: {
    meaning: errorCodes.rate_limited,
    causes: [
      'other programs use the same account at the same time',
      'the rate share of the connection is higher than what is left over for it',
    ],
    remedy: ['Run again later.', 'Lower rate_share of the connection, or --rate-share (default: half of the rate).'],
    later: `${passing}; five in a row end the connection for this run.`,
    example: 'Autumn answered 429 to update [rate_limited]\nAn import ran in the same account. --rate-share 0.2 helps.',
  },
  unavailable: {
    meaning: errorCodes.unavailable,
    causes: [
      'the provider is down or slow (5xx, no answer in time)',
      'the network, a proxy or a firewall stands in between',
      'the base URL leads nowhere',
    ],
    remedy: [
      'Run again later; nothing is written twice.',
      'If nothing was answered at all, check the base URL, and that it can be reached from this machine.',
    ],
    later: `${passing}; after three runs with the same answer for this customer alone, it is taken as rejected.`,
    example: 'Lago gave no usable answer to list (ECONNREFUSED) [unavailable]\nA self-hosted Lago was being restarted.',
  },
  uncertain: {
    meaning: errorCodes.uncertain,
    causes: [
      'the connection broke, or the time ran out, after the request was sent',
      'the provider failed in the middle of the work (5xx)',
      'a gateway answered in its place',
    ],
    remedy: ['Run again: the customer is read first, so nothing is written twice.'],
    later: 'Yes: the next run reads the customer back before it sends anything for it.',
    example:
      'Recharge gave no usable answer to create (ECONNRESET); the write may or may not be there [uncertain]\nThe next run found the customer and left it as it was.',
  },
  protocol: {
    meaning: errorCodes.protocol,
    causes: [
      'the base URL leads to a page, a login or another API',
      'a proxy changes answers or headers',
      'the provider, or a self-hosted version of it, answers in another shape than this connector knows',
    ],
    remedy: [
      'Check the base URL: open it with the key, as the connector does.',
      'Compare the version of the server with the one that "customer-sync providers <provider>" names.',
    ],
    later: `${passing}.`,
    example:
      'Lago answered in an unexpected shape: customers: is missing [protocol]\nThe base URL led to another server.',
  },
};
