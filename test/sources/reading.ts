import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { CustomerSyncError } from '../../src/core/errors.js';
import type { SourceRow } from '../../src/runner/row.js';
import { type CustomerSource, openSource, type SourceOptions } from '../../src/sources/open-source.js';

/** A folder that is there while the tests of a file run. */
export function temporaryFolder() {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'customer-sync-sources-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  return {
    path: (name: string) => join(folder, name),
    async write(name: string, content: string | Uint8Array): Promise<string> {
      await writeFile(join(folder, name), content);
      return join(folder, name);
    },
  };
}

export async function rowsOf(source: CustomerSource): Promise<SourceRow[]> {
  const rows: SourceRow[] = [];
  for await (const row of source.rows()) rows.push(row);
  return rows;
}

export async function readRows(options: SourceOptions): Promise<SourceRow[]> {
  return rowsOf(await openSource(options));
}

export async function* blocks(...parts: readonly (string | Uint8Array)[]): AsyncGenerator<string | Uint8Array> {
  yield* parts;
}

/** Rows of a text that comes over stdin. */
export function readText(
  text: string | Uint8Array,
  options: Omit<SourceOptions, 'path' | 'stdin'> = {},
): Promise<SourceRow[]> {
  return readRows({ path: '-', stdin: blocks(text), ...options });
}

/** The error a promise fails with. Anything but one of our errors is thrown on, so that a test sees it. */
export async function failureOf(work: Promise<unknown>): Promise<{ code: string; message: string; remedy: string }> {
  const error: unknown = await work.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof CustomerSyncError)) throw error;
  return { code: error.code, message: error.message, remedy: error.details.remedy };
}
