/** Every way an operation can fail. Stable: scripts may decide by them. */
export const errorCodes = {
  config: 'The set-up is wrong: a key, a URL, a file or an option.',
  mapping: 'A mapping file or overlay is not valid.',
  invalid_customer: 'The customer breaks a rule of the model or of the mapping; nothing was sent.',
  auth: 'The provider does not accept the credentials.',
  forbidden: 'The credentials are accepted but may not do this.',
  not_found: 'The provider does not know the record.',
  conflict: 'More than one record or customer claims the same identity; a person has to decide.',
  rejected: 'The provider refuses the values; sending them again would be refused again.',
  rate_limited: 'The provider asks to slow down for longer than this run may wait.',
  unavailable: 'The provider did not answer or failed; a later run may succeed.',
  uncertain: 'A write was sent and its answer never came; the provider may or may not hold it.',
  protocol: 'The provider answered something that its API does not describe.',
} as const;

export type ErrorCode = keyof typeof errorCodes;
