import type { Console } from '../console.js';
import { writeText } from '../output.js';
import { guessText, samplesOf } from '../report/guess.js';
import { stepsText } from './next-steps.js';
import type { DoneSetUp } from './set-up.js';

/** Says what was guessed, what was written, and what comes next. A mapping without a file goes to standard output. */
export async function tellSetUp(
  { stdout, stderr }: Console,
  { json }: { readonly json?: true },
  done: DoneSetUp,
): Promise<void> {
  const { guess, sample, mapping, configuration, steps } = done;
  const samples = samplesOf(guess, sample);
  const report = json
    ? `${JSON.stringify({ out: mapping.path, ...configurationPart(configuration), ...guess, samples, next: steps }, null, 2)}\n`
    : guessText(guess, sample, samples, closingText(done));
  if (mapping.path !== '-') return writeText(stdout, report);
  await writeText(stdout, mapping.text);
  await writeText(stderr, report);
}

function configurationPart(configuration: DoneSetUp['configuration']) {
  return configuration === undefined ? {} : { configuration: configuration.path, job: configuration.job };
}

function closingText({ mapping, configuration, steps }: DoneSetUp): string {
  if (mapping.path === '-') return '';
  const files = [configuration?.path ?? [], mapping.path].flat().join(', ');
  return `Written: ${files}${steps === undefined ? '' : `\n\n${stepsText(steps)}`}`;
}
