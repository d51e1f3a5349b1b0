import type { RowResult } from '../runner/runner.js';
import type { CustomerSource } from '../sources/open-source.js';
import { createRejectsWriter } from '../sources/rejects.js';
import { checkPlace } from './check-place.js';
import { withCode } from './code-hint.js';
import { type Console, say } from './console.js';
import { viewOf } from './report/report.js';
import { customersText } from './report/summary.js';
import { verbOf, wordOf } from './report/words.js';

/** The customers of a run that are to be mended and fed again. */
export interface Rejects {
  /** Keeps the row if it failed anywhere. */
  note(result: RowResult): void;
  /**
   * Puts the file in its place and says so.
   * @throws CustomerSyncError `config` when a row could not be written. The run went on all the same.
   */
  close(): void;
}

/** @throws CustomerSyncError `config` when the file cannot be written where it is to be. */
export function openRejects(console: Console, path: string, source: CustomerSource): Rejects {
  const writer = createRejectsWriter({ path, source });
  checkPlace(path, 'the file of rejects');
  let failure: { readonly error: unknown } | undefined;
  return {
    note(result) {
      const reason = rejection(result);
      if (reason === undefined || failure !== undefined) return;
      try {
        writer.write(result.row, reason);
      } catch (error) {
        failure = { error };
      }
    },
    close() {
      const count = writer.close();
      if (failure !== undefined) throw failure.error;
      if (count > 0) say(console, `${customersText(count)} to mend and feed again: ${path}`);
    },
  };
}

/** Why a row belongs into the file: what failed, at which connection. */
function rejection({ results }: RowResult): string | undefined {
  const reasons = results.flatMap((result) => {
    if (!wordOf(verbOf(result)).isFailure) return [];
    const { to, error, reason } = viewOf(result);
    const why = error === undefined ? (reason ?? '') : withCode(error.message, error.code);
    return [`${to}: ${verbOf(result)}: ${why}`];
  });
  return reasons.length === 0 ? undefined : reasons.join('; ');
}
