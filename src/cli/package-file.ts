import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Path of a file that comes with the package, whether this runs from source or from `dist/`. */
export function packageFile(name: string): string {
  let folder = new URL('.', import.meta.url);
  while (!existsSync(new URL('package.json', folder))) {
    const parent = new URL('..', folder);
    if (parent.href === folder.href) throw new RangeError(`${name} is not part of this installation`);
    folder = parent;
  }
  return fileURLToPath(new URL(name, folder));
}
