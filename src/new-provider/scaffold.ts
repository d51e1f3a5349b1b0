import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CustomerSyncError } from '../core/errors.js';
import { type Addition, additionText, withAddition } from './additions.js';
import type { ProviderNames } from './provider-names.js';
import { sharedFiles } from './shared-files.js';

/** What a new provider begins with. Nothing is written yet. */
export interface Scaffold {
  /** New files, by their path in the project. */
  readonly files: ReadonlyMap<string, string>;
  /** Files of the project that are changed, with their new text. */
  readonly changed: ReadonlyMap<string, string>;
  /** Additions whose place was not found: the path, and what belongs there. */
  readonly byHand: readonly { readonly path: string; readonly add: string }[];
}

const folder = 'src/new-provider/templates';

/**
 * @param project top folder of the clone.
 * @throws CustomerSyncError `config` when there is a file of that provider already.
 */
export function planScaffold(project: string, names: ProviderNames): Scaffold {
  const read = (path: string) => readFileSync(join(project, path), 'utf8');
  const templates = readdirSync(join(project, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.template') && !path.startsWith('entries'))
    .sort();
  const files = new Map(
    templates.map((path) => [
      path.replaceAll('__id__', names.id).replace(/\.template$/, ''),
      filled(read(join(folder, path)), names),
    ]),
  );
  refuseExisting(project, names, [...files.keys()]);
  const changed = new Map<string, string>();
  const byHand: { path: string; add: string }[] = [];
  for (const addition of sharedFiles((name) => read(join(folder, 'entries', `${name}.template`)))) {
    const own = filledAddition(addition, names);
    const text = existsSync(join(project, own.path)) ? withAddition(read(own.path), own) : undefined;
    if (text === undefined) byHand.push({ path: own.path, add: additionText(own) });
    else changed.set(own.path, text);
  }
  return { files, changed, byHand };
}

function refuseExisting(project: string, { id }: ProviderNames, paths: readonly string[]): void {
  const existing = [`providers/${id}`, ...paths].find((path) => existsSync(join(project, path)));
  if (existing === undefined) return;
  throw new CustomerSyncError('config', {
    message: `the provider "${id}" cannot be added: ${existing} is there already`,
    remedy: 'Take another id, or remove what is left of an earlier try.',
  });
}

function filled(text: string, names: ProviderNames): string {
  return Object.entries(names).reduce((result, [key, value]) => result.replaceAll(`{{${key}}}`, value), text);
}

function filledAddition(addition: Addition, names: ProviderNames): Addition {
  const fill = (text: string) => filled(text, names);
  const { path, imports, entry, lines } = addition;
  return {
    path,
    ...(imports !== undefined && { imports: imports.map(fill) }),
    ...(entry !== undefined && { entry: { ...entry, text: fill(entry.text) } }),
    ...(lines !== undefined && { lines: lines.map(fill) }),
  };
}
