import type { ConnectionSettings } from '../../../schemas/connection.js';
import { accountText } from '../../connections/account.js';
import type { OpenedConnection } from '../../connections/open-connections.js';
import { CustomerSyncError, isCustomerSyncError } from '../../core/errors.js';
import { createClient } from '../../core/http/client.js';
import { type Host, isTransportError } from '../../core/http/host.js';
import type { Connection } from '../../runner/connection.js';
import type { Remote } from '../../runner/remote.js';
import { type Check, checking, type Subject } from './check.js';
import { explainTransport } from './transport-faults.js';

/** What a check of connections learns besides. */
export interface Findings {
  /** Of the clocks of whoever answered, less ours, in milliseconds. */
  readonly clockOffsets: number[];
  /** Connections that could be opened, by what was checked. */
  readonly opened: { readonly connection: OpenedConnection; readonly settings: ConnectionSettings }[];
}

export interface ConnectionToCheck {
  readonly name: string;
  /** Where its key is made, in words. Absent where Nango has the key. */
  readonly keyFrom: string | undefined;
  /** @throws CustomerSyncError `config` for a secret that is missing. */
  settings(): ConnectionSettings;
  open(settings: ConnectionSettings): Promise<OpenedConnection[]>;
}

/** A set may have thousands of members, and most of what can be wrong is wrong with all. */
const checkedMembers = 10;

/** Sends one request that changes nothing to each account behind a connection. */
export async function checkConnection(checked: ConnectionToCheck, findings: Findings): Promise<Check[]> {
  const { name, keyFrom } = checked;
  const subject = { about: 'connection', name } as const;
  return checking(subject, async () => {
    const settings = settingsOf(checked);
    const opened = await checked.open(settings);
    const looked = opened.slice(0, checkedMembers);
    findings.opened.push(...looked.map((connection) => ({ connection, settings })));
    const checks = await Promise.all(looked.map((connection) => checkOne(connection, keyFrom, findings)));
    const others = opened.length - looked.length;
    return others === 0 ? checks : [...checks, { ...subject, status: 'ok', message: `${others} more were not asked` }];
  });
}

function settingsOf({ settings, keyFrom }: ConnectionToCheck): ConnectionSettings {
  try {
    return settings();
  } catch (error) {
    throw isCustomerSyncError(error) ? withWhere(error, keyFrom) : error;
  }
}

/** For whom it may be that there is no key yet. */
function withWhere(error: CustomerSyncError, keyFrom: string | undefined): CustomerSyncError {
  if (keyFrom === undefined) return error;
  return new CustomerSyncError(error.code, { ...error.details, remedy: `${error.details.remedy} ${keyFrom}` });
}

async function checkOne(
  { connection, account }: OpenedConnection,
  keyFrom: string | undefined,
  findings: Findings,
): Promise<Check> {
  const subject = { about: 'connection', name: connection.name } as const;
  const place = accountText(account);
  if (connection.remote !== undefined) return askRemote(subject, place, connection.remote);
  const watched = watch(connection.reader.host, findings);
  try {
    await readList(connection, watched.host);
    return { ...subject, status: 'ok', message: `${place}: shows customers; writing was not tried` };
  } catch (error) {
    if (!isCustomerSyncError(error)) throw error;
    return describe(subject, place, error.code === 'auth' ? withWhere(error, keyFrom) : error, watched.reason());
  }
}

/** Failures are wanted at once, but for the one that means nothing. */
const retry = { maxAttempts: 2, baseMs: 250, capMs: 1_000, budgetMs: 2_000 };

/** The first page of customers, which every provider has, by a host that refuses whatever is not declared as a read. */
async function readList({ provider }: Connection, host: Host): Promise<void> {
  const { definition, connector } = provider;
  await connector.list(createClient({ host, definition, retry }));
}

function watch(host: Host, { clockOffsets }: Findings) {
  let reason: string | undefined;
  return {
    reason: () => reason,
    host: {
      ...host,
      async send(request) {
        try {
          const response = await host.send(request);
          const time = Date.parse(response.headers['date'] ?? '');
          if (!Number.isNaN(time)) clockOffsets.push(time - host.now());
          reason = undefined;
          return response;
        } catch (error) {
          if (isTransportError(error)) reason = error.reason;
          throw error;
        }
      },
    } satisfies Host,
  };
}

function describe(subject: Subject, place: string, error: CustomerSyncError, reason: string | undefined): Check {
  const { code, message, details } = error;
  const [what, remedy] = (reason === undefined ? undefined : explainTransport(reason)) ?? [message, details.remedy];
  // A key that is asked to slow down is right, and a run waits.
  const status = code === 'rate_limited' ? 'warn' : 'fail';
  return { ...subject, status, message: `${place}: ${what}`, remedy, code };
}

/** Nobody's: a plan of it makes the deployed action read, and write nothing. */
const madeUp = { id: 'customer-sync-doctor', name: 'customer-sync doctor', email: 'doctor@customer-sync.example' };

async function askRemote(subject: Subject, place: string, remote: Remote): Promise<Check> {
  const result = await remote.plan(madeUp);
  const error = result.kind === 'outcome' ? result.outcome.error : undefined;
  if (error === undefined)
    return { ...subject, status: 'ok', message: `${place}: the deployed actions plan; writing was not tried` };
  const { code, message, remedy } = error;
  return { ...subject, status: 'fail', message: `${place}: ${message}`, remedy, code };
}
