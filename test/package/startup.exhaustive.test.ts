import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { manifest } from './installed.js';

/** In milliseconds, of one process from its start to its end. */
function timeOf(args: readonly string[]): number {
  const start = performance.now();
  const { status } = spawnSync(process.execPath, args);
  expect(status).toBe(0);
  return performance.now() - start;
}

it('shows the help in less than three times what Node needs to do nothing', () => {
  const binary = manifest.bin['customer-sync'];
  const pairs = Array.from({ length: 40 }, () => [timeOf(['-e', '0']), timeOf([binary, '--help'])] as const);
  // The quickest of many: whatever else the machine does only adds to the time.
  const nothing = Math.min(...pairs.map(([time]) => time));
  const help = Math.min(...pairs.map(([, time]) => time));
  expect(help).toBeLessThan(3 * nothing);
});
