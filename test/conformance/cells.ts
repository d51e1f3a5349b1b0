import type { Subject } from '../core/upsert/flow.js';
import { type FaultCase, faultCases, transportReasons } from './cases.js';
import { type Attempt, type Expected, expectedOf, OPERATIONS, type Operation } from './expected.js';
import { archivesByProviderId, HOSTS, type HostName } from './ways.js';

/** One square of the table: run with an expectation, or with the reason why not. */
export type Cell = CellPlace &
  (
    | { readonly kind: 'run'; readonly expected: Expected }
    | { readonly kind: 'not run'; readonly word: string; readonly reason: string }
  );

/**
 * Whether a cell waits for the exhaustive run: the retry loop is the same code in every host, and the first attempt
 * shows that the hosts hand the same facts to it.
 */
export const isDeep = ({ attempt, host }: Cell): boolean => attempt === 'last' && host !== 'local';

interface CellPlace {
  readonly fault: FaultCase;
  readonly operation: Operation;
  readonly attempt: Attempt;
  readonly host: HostName;
}

export function cellsOf(subject: Subject): Cell[] {
  return faultCases.flatMap((fault) =>
    fault.attempts.flatMap((attempt) =>
      OPERATIONS.flatMap((operation) =>
        HOSTS.map((host) => ({
          fault,
          operation,
          attempt,
          host,
          ...(whyNot(subject, fault, operation, host) ?? {
            kind: 'run' as const,
            expected: expectedIn(subject, fault, operation, attempt),
          }),
        })),
      ),
    ),
  );
}

function whyNot({ provider }: Subject, fault: FaultCase, operation: Operation, host: HostName) {
  const notRun = (word: string, reason: string) => ({ kind: 'not run' as const, word, reason });
  if (operation === 'archive' && provider.connector.archive === undefined) {
    return notRun('no archive', `The connector of ${provider.definition.name} has no \`archive\`.`);
  }
  if (fault.operations?.includes(operation) === false) {
    return notRun('n/a', 'The case says nothing about this operation.');
  }
  if (operation === 'archive' && host === 'Nango action') return notRun('no action', 'No Nango action archives.');
  if (fault.transport !== undefined && host !== 'local') {
    return notRun(`Nango's (${fault.transport})`, transportReasons[fault.transport]);
  }
  return undefined;
}

function expectedIn(subject: Subject, fault: FaultCase, operation: Operation, attempt: Attempt): Expected {
  const isSafe = operation !== 'create' || subject.safeCreate;
  const { reads, unique } = subject.provider.definition.identity;
  const looksUp = archivesByProviderId(subject.provider);
  const settling = { isSafe, looksUp, lags: reads === 'eventual' && !unique };
  const usual = expectedOf(fault.means(subject, operation), operation, settling, attempt);
  return fault.expected?.(usual, subject, operation) ?? usual;
}
