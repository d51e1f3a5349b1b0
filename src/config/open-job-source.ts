import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { CustomerSyncError } from '../core/errors.js';
import { nearest } from '../core/nearest.js';
import { nangoAccess } from '../hosts/nango-settings.js';
import type { JobSource } from '../jobs/job.js';
import { normaliseCustomer } from '../normalise/normalise-customer.js';
import { openCommand } from '../sources/command/open-command.js';
import { openFiles } from '../sources/glob/open-files.js';
import type { CompiledSourceMapping } from '../sources/mapping/compile-source-mapping.js';
import { readSourceMapping } from '../sources/mapping/read-source-mapping.js';
import { openRecords } from '../sources/nango/open-records.js';
import { openSql } from '../sources/sql/open-sql.js';
import { openPostgres } from '../sources/sql/postgres.js';
import { openSqlite } from '../sources/sql/sqlite.js';
import type { LoadedConfiguration } from './read-configuration.js';
import { type Environment, resolveSecrets } from './secrets.js';

/**
 * Opens a source of the configuration.
 * @param programVersion a newer program may read a row in another way.
 * @throws CustomerSyncError `config` for a source that cannot be used as it is set.
 */
export async function openJobSource(
  { settings: { sources = {} }, directory }: LoadedConfiguration,
  name: string,
  { env, programVersion }: { readonly env: Environment; readonly programVersion: string },
): Promise<JobSource> {
  const written = Object.hasOwn(sources, name) ? sources[name] : undefined;
  if (written === undefined) throw noSource(name, Object.keys(sources));
  const settings = resolveSecrets(written, `sources.${name}`, { env, directory });
  const { strict = false, source_mapping: mappingFile } = settings;
  const mappingPath = mappingFile === undefined ? undefined : resolve(directory, mappingFile);
  const mapping = mappingPath === undefined ? undefined : readSourceMapping(mappingPath);
  const parts = {
    name,
    sourceMapping: mapping?.compiled,
    normalise: (input: unknown) => normaliseCustomer(input, { strict }),
    version: createHash('sha256')
      .update(JSON.stringify([mapping?.text, strict, programVersion]))
      .digest('hex')
      .slice(0, 16),
  };
  switch (settings.type) {
    case 'file':
      return openFiles({ ...parts, settings, directory });
    case 'command':
      return openCommand({ ...parts, settings, directory, env });
    case 'nango':
      return openRecords({ ...parts, settings, access: nangoAccess(settings.nango, env) });
    case 'postgres':
      return openSql({ ...parts, settings, key: keyColumn(mapping?.compiled), database: openPostgres(name, settings) });
    case 'sqlite': {
      const database = openSqlite(name, resolve(directory, settings.path), settings);
      return openSql({ ...parts, settings, key: keyColumn(mapping?.compiled), database });
    }
  }
}

/** A customer can be fetched by a column only where that column is the id as it is. */
function keyColumn(mapping: CompiledSourceMapping | undefined): string | undefined {
  if (mapping === undefined) return 'id';
  const rule = mapping.fields['id'];
  return typeof rule?.from === 'string' && rule.transform === undefined ? rule.from : undefined;
}

function noSource(name: string, names: readonly string[]): CustomerSyncError {
  return new CustomerSyncError('config', {
    message: `there is no source "${name}"${nearest(name, names)}`,
    remedy: 'Name one that stands under "sources" of the configuration.',
  });
}
