import { type CustomerSyncError, isCustomerSyncError } from '../../core/errors.js';

export type CheckStatus = 'ok' | 'warn' | 'fail';

/** What was looked at, how it is, and what to do about it. No part of it holds a secret. */
export interface Check {
  readonly status: CheckStatus;
  readonly about: 'node' | 'configuration' | 'mapping' | 'source' | 'connection' | 'clock' | 'ledger';
  /** Which one, where there are several. */
  readonly name?: string;
  readonly message: string;
  /** What to do; absent where nothing is to be done. */
  readonly remedy?: string;
  /** Of an error, for `help <code>`. */
  readonly code?: string;
}

export type Subject = Pick<Check, 'about' | 'name'>;

export function failed(subject: Subject, { code, message, details }: CustomerSyncError): Check {
  // Errors of a source begin with its name, as the check does.
  const own = `${subject.name}: `;
  const said = message.startsWith(own) ? message.slice(own.length) : message;
  return { ...subject, status: 'fail', message: said, remedy: details.remedy, code };
}

/** An error of ours is what a check found; any other is a fault of the program. */
export async function checking(subject: Subject, check: () => Check[] | Promise<Check[]>): Promise<Check[]> {
  try {
    return await check();
  } catch (error) {
    if (!isCustomerSyncError(error)) throw error;
    return [failed(subject, error)];
  }
}

/** Checks that ended, and whether one was given up, which may keep the program from ending by itself. */
export interface TimedChecks {
  readonly checks: readonly Check[];
  readonly isGivenUp: boolean;
}

export async function inTime(subject: Subject, check: Promise<Check[]>, limitMs: number): Promise<TimedChecks> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), limitMs);
  });
  const checks = await Promise.race([check, late]).finally(() => clearTimeout(timer));
  if (checks !== undefined) return { checks, isGivenUp: false };
  const message = `no answer within ${limitMs / 1000} s`;
  const remedy = 'Look at what is between here and there: the network, a firewall, a server that is busy.';
  return { checks: [{ ...subject, status: 'fail', message, remedy }], isGivenUp: true };
}
