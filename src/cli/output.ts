import { CustomerSyncError } from '../core/errors.js';
import { errorCode } from '../sources/file-error.js';

/** The reader of our output ended first, as `head` does; that is no failure. */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed';
}

/**
 * Waits while the reader of a pipe is slow, so that a long report does not fill the memory.
 * @throws OutputClosed when nobody reads any more; CustomerSyncError `config` when the text cannot be written.
 */
export function writeText(stream: NodeJS.WritableStream, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      if (error === undefined || error === null) resolve();
      else reject(outputError(error));
    });
  });
}

function outputError(error: Error): Error {
  const code = errorCode(error);
  if (code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED') return new OutputClosed();
  return new CustomerSyncError('config', {
    message: `the output cannot be written (${code})`,
    remedy: 'Check where standard output goes, and whether there is room.',
  });
}
