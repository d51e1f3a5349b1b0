import { CustomerSyncError } from '../core/errors.js';
import { writePrivateFile } from '../plan-file/private-file.js';
import { errorCode } from '../sources/file-error.js';
import { checkPlace } from './check-place.js';
import { type Console, isTerminal, say } from './console.js';
import type { Format } from './options.js';
import { writeText } from './output.js';

/** Where the report of a plan goes. */
export interface ReportOutput {
  print(text: string): Promise<void>;
  /** @throws CustomerSyncError `config` when the file cannot be written. */
  close(): void;
}

interface OutputFlags {
  readonly format: Format;
  readonly out?: string;
}

/**
 * Standard output, or for a page the file that `--out` names, which only its owner can read.
 * @throws CustomerSyncError `config` for a place where the report would be of no use.
 */
export function openReportOutput(console: Console, { format, out }: OutputFlags): ReportOutput {
  const { stdout } = console;
  const isPage = format === 'html';
  if (isPage && out === undefined && isTerminal(stdout)) throw pageOnTerminal();
  if (!isPage || out === undefined) return { print: (text) => writeText(stdout, text), close: () => {} };
  checkPlace(out, 'the page');
  const parts: string[] = [];
  return {
    print: async (text) => void parts.push(text),
    close() {
      try {
        writePrivateFile(out, parts.join(''));
      } catch (error) {
        throw new CustomerSyncError('config', {
          message: `${out}: the page cannot be written (${errorCode(error)})`,
          remedy: 'Check whether there is room, and the permissions of the folder.',
        });
      }
      say(console, `The plan is in ${out}: open it in a browser.`);
    },
  };
}

function pageOnTerminal(): CustomerSyncError {
  return new CustomerSyncError('config', {
    message: '--format html makes a page, which is of no use on a terminal',
    remedy: 'Name a file for it: --out plan.html.',
  });
}
