import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CustomerSyncError } from '../core/errors.js';
import { isObject } from '../core/mapping/path.js';

/** What only a clone has: neither is in the package. */
const marks = ['integrations/registry.ts', 'src/new-provider/templates'];

/**
 * The top folder of the clone of this project that `folder` is in.
 * @throws CustomerSyncError `config` where it is in none.
 */
export function findProject(folder: string): string {
  for (let path = folder; ; path = dirname(path)) {
    if (isProject(path)) return path;
    if (dirname(path) === path) throw noProject();
  }
}

function isProject(path: string): boolean {
  const manifest = join(path, 'package.json');
  if (!existsSync(manifest) || !marks.every((mark) => existsSync(join(path, mark)))) return false;
  const content: unknown = JSON.parse(readFileSync(manifest, 'utf8'));
  return isObject(content) && content['name'] === 'customer-sync';
}

function noProject(): CustomerSyncError {
  return new CustomerSyncError('config', {
    message: 'new-provider adds to the source of customer-sync, and this folder is in no clone of it',
    remedy:
      'A program of your own needs none: it passes its provider to createRunner, as examples/own-provider in the package shows.',
  });
}
