import { renameSync, rmSync, writeFileSync } from 'node:fs';

/** Writes a file with customers' data: whole or not at all, and only its owner can read it. */
export function writePrivateFile(path: string, text: string): void {
  const unfinished = `${path}.new`;
  rmSync(unfinished, { force: true });
  try {
    writeFileSync(unfinished, text, { mode: 0o600, flag: 'wx' });
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}
