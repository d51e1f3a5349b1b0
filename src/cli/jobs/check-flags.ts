import type { Command } from 'commander';
import { CustomerSyncError } from '../../core/errors.js';

/** What a job and a plan leave to be chosen; all else they say themselves. */
const ofPlans = ['config', 'concurrency', 'json'];
/** How a plan is shown. */
export const showingFlags = ['format', 'verbose', 'show', 'showValues', 'exitCode', 'out'];

/**
 * Refuses options that would be left unheard, since they are about files of customers.
 * @param subject what the command is about: `--job`
 * @param more other options that go with it.
 */
export function checkPlanFlags(command: Command, subject: string, more: readonly string[]): void {
  const stray = command.options.find((option) => {
    const name = option.attributeName();
    return command.getOptionValueSource(name) === 'cli' && !ofPlans.includes(name) && !more.includes(name);
  });
  if (stray !== undefined) throw misplaced(`${stray.long} does not go with ${subject}`);
}

export function misplaced(message: string): CustomerSyncError {
  return new CustomerSyncError('config', {
    message,
    remedy: 'Plan a file with --to, or a job with --job <name> [--out <file>], or a plan with --reverse <plan>.',
  });
}
