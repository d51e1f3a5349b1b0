import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { builtCopies, type CopiedFiles } from './copied-functions.js';

/**
 * The files of an integration for another Nango project. Built code reads what was built with it; code that runs from
 * source bundles the source.
 * @param root the folder of this package.
 */
export async function readCopy(root: string, provider: string): Promise<CopiedFiles> {
  if (import.meta.url.endsWith('.ts')) return (await import('./make-copy.js')).makeCopy(root, provider);
  return readBuiltCopy(join(root, builtCopies, provider));
}

async function readBuiltCopy(folder: string): Promise<CopiedFiles> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return new Map(
    await Promise.all(
      files.map(
        async (file): Promise<[string, string]> => [
          file.slice(folder.length + 1).replaceAll('\\', '/'),
          await readFile(file, 'utf8'),
        ],
      ),
    ),
  );
}
