import { exitCode } from '../exit-code.js';
import type { Explanation } from './explanation.js';

/** What the program ends with, for scripts. */
export const exitCodeExplanations: Readonly<Record<string, Explanation>> = {
  [exitCode.done]: { meaning: 'All was done.', remedy: ['Nothing.'] },
  [exitCode.someFailed]: {
    meaning: 'Some customers are not in the wanted state, a guard stopped the run, or lint or doctor found something.',
    remedy: ['Read the codes of the failures; after a job, customer-sync failures lists them.'],
  },
  [exitCode.usage]: {
    meaning: 'Wrong usage or configuration, or a key that is refused for everybody.',
    remedy: ['Do what the line behind the arrow says, and run again.'],
  },
  [exitCode.changes]: {
    meaning: 'dry-run --exit-code found changes.',
    remedy: ['Nothing: it is how a script learns that apply would write something.'],
  },
  [exitCode.interrupted]: {
    meaning: 'Ctrl-C ended the program; what was in flight was finished, and written down or shown.',
    remedy: ['Run again: what is done is not done twice.'],
  },
  [exitCode.terminated]: {
    meaning: 'SIGTERM ended the program; what was in flight was finished, and written down or shown.',
    remedy: ['Run again: what is done is not done twice.'],
  },
};
