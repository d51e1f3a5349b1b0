import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { builtCopies, type CopiedFiles, copiedFunctions } from './copied-functions.js';

/**
 * An integration as files that stand on their own in any Nango project: its actions and syncs, and one file with all
 * the code they share.
 * @param root the repository's folder.
 */
export async function makeCopy(root: string, provider: string): Promise<CopiedFiles> {
  const folder = join(root, 'integrations', provider);
  const entries = await Promise.all(
    copiedFunctions.map(async (path): Promise<[string, string]> => {
      const text = await readFile(join(folder, path), 'utf8');
      return [path, text.replace('../functions.js', '../customer-sync.js')];
    }),
  );
  return new Map([
    ...entries,
    ['customer-sync.js', await bundle(root, join(folder, 'functions.ts'))],
    ['customer-sync.d.ts', declarations],
  ]);
}

/** Writes the copies that go with built code: an installed package has no bundler. */
export async function writeCopies(root: string, providers: readonly string[]): Promise<void> {
  for (const provider of providers) {
    for (const [path, text] of await makeCopy(root, provider)) {
      const file = join(root, builtCopies, provider, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
  }
}

async function bundle(root: string, entry: string): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    target: 'es2024',
    external: ['crypto', 'zod'],
    charset: 'utf8',
    banner: { js: `${heading}\n// biome-ignore-all lint: generated\n/* eslint-disable */` },
  });
  return outputFiles[0]?.text ?? '';
}

const heading = '// Written by `customer-sync nango add`, which writes it anew with --force. Changes are lost then.';

/** Nango takes what the functions are from their schemas, not from these types. */
const declarations = `${heading}
import type { z } from 'zod';

interface Action {
  readonly input: z.ZodType;
  readonly output: z.ZodType;
  run(nango: object, input: unknown): Promise<unknown>;
}

interface Sync {
  readonly record: z.ZodObject<{ id: z.ZodString }>;
  readonly checkpoint: z.ZodObject<{ cursor: z.ZodString; after: z.ZodString }>;
  run(nango: object): Promise<void>;
}

export declare const functions: {
  readonly upsert: Action;
  readonly upsertBatch: Action;
  readonly plan: Action;
  readonly pull: Sync;
};
`;
