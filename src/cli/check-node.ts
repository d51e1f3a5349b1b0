import { CustomerSyncError } from '../core/errors.js';

/**
 * @param required as in `engines` of a package.json: `>=22.16`
 * @throws CustomerSyncError `config` when the program would fail half-way for want of a newer Node.
 */
export function checkNode(required: string, running: string): void {
  const [major = 0, minor = 0] = numbers(required);
  const [runningMajor = 0, runningMinor = 0] = numbers(running);
  if (runningMajor > major || (runningMajor === major && runningMinor >= minor)) return;
  throw new CustomerSyncError('config', {
    message: `Node.js ${running} is too old`,
    remedy: `Install Node.js ${major}.${minor} or newer.`,
  });
}

function numbers(version: string): number[] {
  return [...version.matchAll(/\d+/g)].map(Number);
}
