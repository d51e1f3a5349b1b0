import { CustomerSyncError } from '../core/errors.js';
import type { Job } from './job.js';

/**
 * @throws CustomerSyncError `config` for a job that creates only, or updates only, through somebody who does both.
 */
export function checkMode({ name, mode, targets }: Job): void {
  if (mode !== 'create_only' && mode !== 'update_only') return;
  const remote = targets.find(({ connection }) => connection.remote !== undefined);
  if (remote === undefined) return;
  throw new CustomerSyncError('config', {
    message: `job "${name}" has mode ${mode}, and the deployed actions behind ${remote.connection.name} create and update`,
    remedy: 'Use via: nango-proxy for this connection, or mode upsert.',
  });
}

/**
 * @throws CustomerSyncError `config` for a job that mirrors without being allowed to, from a source that does not show
 * everybody, or to a provider that cannot archive.
 */
export function checkMirror({ name, mode, source, targets, archive }: Job): void {
  if (mode !== 'mirror') return;
  if (!source.complete)
    throw refused(name, `${source.name} does not show all customers`, 'Use mode upsert, or a source that shows all.');
  if (archive?.allowed !== true)
    throw refused(name, 'customers that leave the source would be archived', 'Say so with allow_archive: true.');
  for (const { connection } of targets) {
    const { definition, connector } = connection.provider;
    const { archive: way } = definition;
    if (way === undefined || connector.archive === undefined || connection.remote !== undefined)
      throw refused(name, `${connection.name} has no way to archive customers`, 'Use mode upsert for this connection.');
    if (way.consent !== undefined && !archive.consents.includes(way.consent))
      throw refused(name, `at ${connection.name}: ${way.effect}`, `Consent with: consents: [${way.consent}].`);
  }
}

function refused(job: string, why: string, remedy: string): CustomerSyncError {
  return new CustomerSyncError('config', { message: `job "${job}" cannot mirror: ${why}`, remedy });
}
