import { accessSync, constants, statSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import type { Ledger } from '../../ledger/ledger.js';
import { keyVariable } from '../../ledger/ledger-key.js';
import { inspectLedger, type LedgerState } from '../../ledger/sqlite/inspect-ledger.js';
import { errorCode } from '../../sources/file-error.js';
import { accountFacts, type JobContext, ledgerPath, readLedger } from '../jobs/open-job.js';
import { type Check, checking } from './check.js';
import type { Findings } from './check-connection.js';

const subject = { about: 'ledger' } as const;

/** The files of the ledger, its key, and whether connections lead to the accounts that it knows them by. */
export function checkLedger(context: JobContext, { opened }: Findings): Promise<Check[]> {
  const path = ledgerPath(context.configuration);
  const shown = relative('.', path);
  return checking(subject, async () => {
    const state = inspectLedger(path);
    if (state === undefined) return [newLedgerCheck(path, shown)];
    const files = fileChecks(state, shown);
    if (state.version !== state.programVersion) return [...files, versionCheck(state, shown)];
    const ledger = readLedger(context);
    try {
      const accounts = await Promise.all(opened.map((one) => accountCheck(context, ledger, one)));
      return [...files, keyCheck(ledger, state, shown), ...accounts.flat()];
    } finally {
      await ledger.close();
    }
  });
}

function newLedgerCheck(path: string, shown: string): Check {
  return canHold(dirname(path))
    ? { ...subject, status: 'ok', message: `${shown} is not there yet; the first run makes it: --first-run` }
    : {
        ...subject,
        status: 'fail',
        message: `${shown} is not there yet, and cannot be made`,
        remedy: 'Give this user the right to write there, or name another place in the configuration: ledger: <file>.',
      };
}

/** Whether a folder may be written to, or can be made. */
function canHold(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return statSync(folder).isDirectory();
  } catch (error) {
    return errorCode(error) === 'ENOENT' && folder !== dirname(folder) && canHold(dirname(folder));
  }
}

function fileChecks({ open, mayWrite }: LedgerState, shown: string): Check[] {
  const files = open.map((path) => relative('.', path));
  return [
    ...(files.length === 0
      ? []
      : [
          {
            ...subject,
            status: 'warn' as const,
            message: `others than its owner may read ${files.join(', ')}`,
            remedy: `chmod 600 ${files.join(' ')}`,
          },
        ]),
    ...(mayWrite
      ? []
      : [
          {
            ...subject,
            status: 'fail' as const,
            message: `${shown} or its folder may not be written to`,
            remedy: 'Give this user the right to write to both.',
          },
        ]),
  ];
}

function versionCheck({ version, programVersion }: LedgerState, shown: string): Check {
  const message = `${shown} has version ${version}, this program writes version ${programVersion}`;
  return version > programVersion
    ? { ...subject, status: 'fail', message, remedy: 'Install the newer customer-sync that wrote it.' }
    : { ...subject, status: 'warn', message, remedy: 'The next run brings it to the newer version.' };
}

/** Opened to be read, a ledger has one thing to say: that its key is another one. */
function keyCheck({ notices }: Ledger, { version, writer }: LedgerState, shown: string): Check {
  const held = writer === undefined ? '' : `; being written by ${writer}`;
  if (notices.length === 0) return { ...subject, status: 'ok', message: `${shown}: version ${version}${held}` };
  return {
    ...subject,
    status: 'fail',
    message: `${shown}: its key is another one, or is gone${held}`,
    remedy: `Bring back ${keyVariable} or ${shown}.key. With a new key every customer is compared with the provider anew.`,
  };
}

function accountCheck(
  { console: { env } }: JobContext,
  ledger: Ledger,
  { connection, settings }: Findings['opened'][number],
): Promise<Check[]> {
  const { name } = connection.connection;
  const about = { ...subject, name };
  return checking(about, async () => {
    const { firstWrittenAt } = await ledger.bind(name, accountFacts(connection, settings, env));
    const message =
      firstWrittenAt === undefined
        ? 'nothing was written to this account yet'
        : `the account that it knows, first written on ${firstWrittenAt.slice(0, 10)}`;
    return [{ ...about, status: 'ok', message }];
  });
}
