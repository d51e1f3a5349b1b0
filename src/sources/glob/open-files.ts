import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { SourceSettingsOf } from '../../../schemas/configuration.js';
import { CustomerSyncError } from '../../core/errors.js';
import type { JobSource } from '../../jobs/job.js';
import type { Normalise } from '../customer-source.js';
import { missingFileError } from '../file-error.js';
import type { CompiledSourceMapping } from '../mapping/compile-source-mapping.js';
import { openSource } from '../open-source.js';
import { listFiles } from './list-files.js';

interface FileSourceParts {
  readonly name: string;
  readonly settings: SourceSettingsOf<'file'>;
  readonly directory: string;
  readonly sourceMapping: CompiledSourceMapping | undefined;
  readonly normalise: Normalise | undefined;
  readonly version: string;
}

/** Customers from files, one after another. @throws CustomerSyncError `config` when one of them cannot be used. */
export async function openFiles(parts: FileSourceParts): Promise<JobSource> {
  const { name, settings, directory, sourceMapping, normalise, version } = parts;
  const { path, format, delimiter, encoding, complete = true } = settings;
  const open = (file: string) => openSource({ path: file, format, delimiter, encoding, sourceMapping });
  const list = () => listFiles([path].flat(), directory);
  // What is wrong with a file is to be known before anything is sent.
  for (const file of await list()) await open(file);
  return {
    name,
    version,
    complete,
    ...(normalise !== undefined && { normalise }),
    async *rows() {
      for (const file of await list()) {
        const before = await fileState(file);
        yield* (await open(file)).rows();
        if ((await fileState(file)) !== before) throw changedFile(file);
      }
    },
  };
}

async function fileState(file: string): Promise<string> {
  try {
    const { ino, size, mtimeMs } = await stat(file);
    return `${ino} ${size} ${mtimeMs}`;
  } catch (error) {
    throw missingFileError({ path: file }, error);
  }
}

/** Half of a file that is being written looks like a complete one with fewer customers. */
function changedFile(file: string): CustomerSyncError {
  return new CustomerSyncError('config', {
    message: `${basename(file)} changed while it was read`,
    remedy: 'Write it under another name and rename it when it is complete; then run again.',
  });
}
