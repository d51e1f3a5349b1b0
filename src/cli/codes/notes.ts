import type { Warning } from '../../../schemas/outcome.js';
import type { Explanation } from './explanation.js';

/** Codes of the notes on a customer that is written all the same. */
export const noteExplanations: Readonly<Record<Warning['code'], Explanation>> = {
  cannot_clear: {
    meaning: 'The field should be emptied, and the provider has no way to do that; it keeps its value.',
    remedy: ['Empty it at the provider by hand, or leave the field out of the source instead of clearing it.'],
  },
  cannot_tell: {
    meaning: 'The stored value cannot be read, so it cannot be said whether sending it changes anything.',
    remedy: ['Nothing. A job remembers what it sent; apply of a file sends it only together with other changes.'],
  },
  truncated: {
    meaning: 'The value is over a limit of the provider, and the mapping says to cut it.',
    remedy: ['Shorten it in the source, or set "overflow": "error" if it must not be cut.'],
  },
  dropped: {
    meaning: 'The value does not fit the provider, and the mapping says to leave it out.',
    remedy: ['Correct it in the source, or set "overflow": "error" if it must not be left out.'],
  },
  fallback: {
    meaning: 'The provider requires a field that had no value, and what the mapping names instead was sent.',
    remedy: ['Give the customer the field in the source.'],
  },
  not_kept: {
    meaning: 'The provider answered with success, but holds another value.',
    remedy: [
      'Look at what it holds: some fields need a feature or a licence of the account.',
      'If it shall not be written at all, take the rule away by an overlay.',
    ],
  },
  normalised: {
    meaning: 'The value of the source was written in another form: a country by its code, a phone number as E.164.',
    remedy: ['Nothing. If the clean form is wrong, correct the value in the source.'],
  },
  unreadable_value: {
    meaning: 'The value of the source cannot be read, and was left out.',
    remedy: ['Correct it in the source; with --strict such a customer is invalid instead.'],
  },
  notice: { meaning: 'Something else to know; the text says what.', remedy: ['Read the text.'] },
};
