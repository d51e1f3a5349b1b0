import { closeSync, openSync, readSync, statSync } from 'node:fs';

/**
 * The first bytes of a file. None of a pipe, which would lack them afterwards, nor of what cannot be read, which whoever
 * reads on finds out.
 */
export function fileStart(path: string, length: number): Buffer {
  const start = Buffer.alloc(length);
  try {
    if (!statSync(path).isFile()) return start.subarray(0, 0);
    const file = openSync(path, 'r');
    try {
      return start.subarray(0, readSync(file, start));
    } finally {
      closeSync(file);
    }
  } catch {
    return start.subarray(0, 0);
  }
}
