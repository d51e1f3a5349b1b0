import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { CustomerSyncError } from '../core/errors.js';
import { errorCode } from '../sources/file-error.js';
import type { Scaffold } from './scaffold.js';

/**
 * Writes all files and formats them as the project does: names differ in length, and imports are sorted.
 * @returns whether they could be formatted.
 * @throws CustomerSyncError `config` when a file cannot be written.
 */
export async function writeScaffold(project: string, { files, changed }: Scaffold): Promise<boolean> {
  const all = new Map([...files, ...changed]);
  for (const [path, text] of all) write(project, path, text);
  return format(
    project,
    [...all.keys()].filter((path) => path.endsWith('.ts')),
  );
}

function write(project: string, path: string, text: string): void {
  const file = join(project, path);
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  } catch (error) {
    throw new CustomerSyncError('config', {
      message: `${path} cannot be written (${errorCode(error)})`,
      remedy: 'Make the folder of the project writable, and remove what was written before: git status shows it.',
    });
  }
}

async function format(project: string, paths: readonly string[]): Promise<boolean> {
  const biome = join(project, 'node_modules/@biomejs/biome/bin/biome');
  try {
    await promisify(execFile)(process.execPath, [biome, 'check', '--write', ...paths], { cwd: project });
    return true;
  } catch {
    return false;
  }
}
