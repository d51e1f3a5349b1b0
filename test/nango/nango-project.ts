import { cpSync, mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** Has what a test needs registered for its end; vitest's test context fits. */
interface Ending {
  onTestFinished(task: () => void): void;
}

/** A folder as `nango init` leaves it: Nango's own example, with our modules in place of an installation. */
export function nangoProject(ending: Ending): string {
  const folder = mkdtempSync(join(tmpdir(), 'nango-project-'));
  ending.onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync('node_modules/nango/example', folder, { recursive: true });
  renameSync(join(folder, '.env.example'), join(folder, '.env'));
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'), 'dir');
  return folder;
}
