import { readdir } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { CustomerSyncError } from '../../core/errors.js';

const wild = /[*?]/;

/**
 * Files that a path or a pattern names, in the order of their names. `*` and `?` stand for characters within one name,
 * `**` for any folders.
 * @throws CustomerSyncError `config` when a pattern fits no file.
 */
export async function listFiles(patterns: readonly string[], directory: string): Promise<string[]> {
  const found = new Set<string>();
  for (const pattern of patterns) {
    const files = wild.test(pattern) ? await matching(resolve(directory, pattern)) : [resolve(directory, pattern)];
    if (files.length === 0) throw noFile(pattern);
    for (const file of files) found.add(file);
  }
  return [...found];
}

async function matching(pattern: string): Promise<string[]> {
  const parts = pattern.split(sep);
  const fixed =
    parts
      .slice(
        0,
        parts.findIndex((part) => wild.test(part)),
      )
      .join(sep) || sep;
  const test = patternTest(relative(fixed, pattern));
  const isDeep = parts.includes('**') || parts.length > fixed.split(sep).length + 1;
  const entries = await readdir(fixed, { recursive: isDeep, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => test.test(relative(fixed, file)))
    .sort();
}

/** Names that begin with a dot are left out, as shells do: they are often half-written. */
function patternTest(pattern: string): RegExp {
  const parts = pattern.split(sep).map((part) => {
    if (part === '**') return '(?:[^./][^/]*/)*';
    const name = part
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '[^/]*')
      .replaceAll('?', '[^/]');
    return `${wild.test(part[0] ?? '') ? '(?!\\.)' : ''}${name}/`;
  });
  return new RegExp(`^${parts.join('').replace(/\/$/, '')}$`);
}

function noFile(pattern: string): CustomerSyncError {
  return new CustomerSyncError('config', {
    message: `no file fits "${pattern}"`,
    remedy: 'Check the pattern and the folder; the files may not have been written yet.',
  });
}
