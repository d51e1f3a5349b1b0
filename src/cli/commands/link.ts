import type { Command } from 'commander';
import { CustomerSyncError } from '../../core/errors.js';
import { isObject } from '../../core/mapping/path.js';
import { compileSourceMapping } from '../../sources/mapping/compile-source-mapping.js';
import { openSource } from '../../sources/open-source.js';
import { type Console, say } from '../console.js';
import { addConfigOption, type ConfigFlag, openContext } from '../jobs/job-options.js';
import { openNamed, writeLedger } from '../jobs/open-job.js';
import { customersText } from '../report/summary.js';

interface LinkFlags extends ConfigFlag {
  readonly to: string;
  readonly from: string;
  readonly firstRun?: true;
}

interface Link {
  readonly customerId: string;
  readonly providerId: string;
}

export function addLink(command: Command, console: Console, version: string): void {
  addConfigOption(command)
    .requiredOption('--to <connection>', 'a connection of the configuration')
    .requiredOption('--from <file>', 'CSV or JSONL with the columns id (yours) and provider_id')
    .option('--first-run', 'make the ledger if it is not there yet')
    .action((flags: LinkFlags) => link(console, version, flags));
}

async function link(console: Console, version: string, flags: LinkFlags): Promise<void> {
  const context = openContext(console, version, flags);
  const links = await readLinks(flags.from);
  const targets = await openNamed(context, [flags.to]);
  const [found] = targets;
  if (found === undefined || targets.length > 1) throw notOne(flags.to);
  const ledger = writeLedger(context, 'link', flags.firstRun === true);
  try {
    const account = await ledger.bind(found.connection.connection.name, found.target.account);
    const count = await ledger.link(account, links);
    say(console, `${customersText(count)} linked at ${flags.to}, ${links.length - count} known already.`);
  } finally {
    await ledger.close();
  }
}

const columns = compileSourceMapping(
  { fields: { id: { from: 'id' }, 'external_ids.provider': { from: 'provider_id' } } },
  'a file of links',
);

/** All or none: half a file of links would leave the other half to be created anew. */
async function readLinks(file: string): Promise<Link[]> {
  const source = await openSource({ path: file, sourceMapping: columns });
  const links: Link[] = [];
  for await (const { value, at, problems } of source.rows()) {
    const row = isObject(value) ? value : {};
    const ids = isObject(row['external_ids']) ? row['external_ids'] : {};
    const [customerId, providerId] = [row['id'], ids['provider']];
    if (problems !== undefined || customerId === undefined || providerId === undefined) throw badRow(at ?? file);
    links.push({ customerId: String(customerId), providerId: String(providerId) });
  }
  return links;
}

function badRow(at: string): CustomerSyncError {
  return new CustomerSyncError('config', {
    message: `${at}: needs an id and a provider_id`,
    remedy: 'Correct the row; nothing was linked.',
  });
}

function notOne(name: string): CustomerSyncError {
  return new CustomerSyncError('config', {
    message: `"${name}" is a set of connections`,
    remedy: 'Links belong to one account: configure a connection for it with its connection_id.',
  });
}
