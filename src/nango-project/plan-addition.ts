import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CustomerSyncError } from '../core/errors.js';
import { type CopiedFiles, copiedFunctions } from './copied-functions.js';
import { takenNames } from './taken-names.js';

/** A provider's functions under the id of one of the project's integrations. */
export interface Addition {
  readonly provider: string;
  readonly integration: string;
}

export interface PlannedAddition {
  /** Contents by paths in the project, of the files that are not there yet or are there in another form. */
  readonly writes: CopiedFiles;
  /** Those among them that are there. */
  readonly overwrites: readonly string[];
  /** Names of ours that the integration has already for something else, in words. */
  readonly taken: readonly string[];
  /** What has to stand in the project's index.ts, and does not yet. */
  readonly indexLines: readonly string[];
}

/**
 * What adding integrations to a Nango project comes to. Changes nothing.
 * @throws CustomerSyncError `config` for a folder that is no Nango project.
 */
export async function planAddition(
  folder: string,
  additions: readonly (Addition & { readonly files: CopiedFiles })[],
): Promise<PlannedAddition> {
  checkProject(folder);
  const index = await readFile(join(folder, 'index.ts'), 'utf8');
  const writes = new Map<string, string>();
  const overwrites: string[] = [];
  for (const { integration, files } of additions) {
    for (const [path, text] of files) {
      const target = `${integration}/${path}`;
      const present = await readIfThere(join(folder, target));
      if (present === text) continue;
      writes.set(target, text);
      if (present !== undefined) overwrites.push(target);
    }
  }
  const integrations = additions.map(({ integration }) => integration);
  return {
    writes,
    overwrites,
    taken: integrations.flatMap((integration) =>
      takenNames(join(folder, integration)).map((name) => `${integration}/${name}`),
    ),
    indexLines: afterLastLine(
      integrations.flatMap((integration) => missingLines(integration, index)),
      index,
    ),
  };
}

/** They are appended as they are, so they must not join a last line that nothing ends. */
function afterLastLine(lines: readonly string[], index: string): readonly string[] {
  return lines.length === 0 || index === '' || index.endsWith('\n') ? lines : ['', ...lines];
}

function checkProject(folder: string): void {
  if (existsSync(join(folder, 'nango.yaml'))) {
    throw new CustomerSyncError('config', {
      message: `${folder} has a nango.yaml, and today's Nango CLI refuses such a folder`,
      remedy: 'Run `npx nango migrate-to-zero-yaml` there, or name the folder in which you run `nango deploy`.',
    });
  }
  const missing = ['index.ts', '.nango'].filter((name) => !existsSync(join(folder, name)));
  if (missing.length === 0) return;
  throw new CustomerSyncError('config', {
    message: `${folder} is not a Nango project: it has no ${missing.join(' and no ')}`,
    remedy: 'Name the folder in which you run `nango deploy`, or make one with `npx nango init <folder>`.',
  });
}

async function readIfThere(file: string): Promise<string | undefined> {
  return existsSync(file) ? readFile(file, 'utf8') : undefined;
}

function missingLines(integration: string, index: string): string[] {
  const imported = new Set([...index.matchAll(/^import ['"]([^'"]+?)(?:\.js)?['"]/gm)].map(([, module]) => module));
  return copiedFunctions
    .map((path) => `./${integration}/${path.replace(/\.ts$/, '')}`)
    .filter((module) => !imported.has(module))
    .map((module) => `import '${module}.js';`);
}
