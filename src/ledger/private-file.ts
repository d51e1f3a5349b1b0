import { chmodSync, closeSync, openSync, statSync } from 'node:fs';

/** Makes sure that a file is there and that only its owner may read it. */
export function createPrivately(path: string): void {
  closeSync(openSync(path, 'a', 0o600));
  if ((statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o600);
}
