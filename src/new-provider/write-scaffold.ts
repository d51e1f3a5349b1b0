import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import type { Scaffold } from './scaffold.js';

/**
 * Writes all files and formats them as the project does: names differ in length, and imports are sorted.
 * @returns whether they could be formatted.
 */
export async function writeScaffold(project: string, { files, changed }: Scaffold): Promise<boolean> {
  for (const [path, text] of [...files, ...changed]) {
    const file = join(project, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return format(
    project,
    [...files.keys(), ...changed.keys()].filter((path) => path.endsWith('.ts')),
  );
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
