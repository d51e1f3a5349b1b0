import type { Warning } from '../../../../schemas/outcome.js';
import { withCode } from '../../code-hint.js';
import type { Entry, Group } from '../groups.js';
import { groupName, notesOf } from '../groups.js';
import { printable } from '../values.js';
import { wordOf } from '../words.js';

/** How the page shows a value. */
export type ShownValue = (field: string, value: unknown) => string;

/** What `page.js` reads, all of it text to be shown as it is. */
export interface PageGroup {
  readonly to: string;
  readonly verb: string;
  readonly sign: string;
  readonly style: string;
  /** With those that are not on the page. */
  readonly count: number;
  readonly customers: readonly PageCustomer[];
}

interface PageCustomer {
  readonly id: string;
  readonly at?: string;
  readonly changes: readonly PageChange[];
  readonly notes: readonly string[];
  readonly reason?: string;
  readonly error?: { readonly message: string; readonly remedy: string };
}

interface PageChange {
  readonly field: string;
  readonly change: 'set' | 'clear' | 'cannot_tell';
  readonly from?: string;
  readonly to?: string;
}

interface PageDataOptions {
  readonly show: ShownValue;
  readonly verbose: boolean;
}

export function pageGroup({ to, verb, entries, left }: Group, options: PageDataOptions): PageGroup {
  const { sign, style, isFailure } = wordOf(verb);
  const customers = entries.map((entry) => pageCustomer(entry, isFailure, options));
  return { to, verb: groupName(verb, options.verbose), sign, style, count: entries.length + left.count, customers };
}

function pageCustomer({ view, at }: Entry, isFailure: boolean, { show, verbose }: PageDataOptions): PageCustomer {
  const { customerId, changes, reason, error } = view;
  return {
    id: customerId === undefined ? '(no readable id)' : printable(customerId),
    ...(isFailure && at !== undefined && { at: printable(at) }),
    changes: changes.map(({ field, change, from, to }) => ({
      field: printable(field),
      change,
      ...(from !== undefined && { from: show(field, from) }),
      ...(to !== undefined && { to: show(field, to) }),
    })),
    notes: notesOf(view, verbose).map((warning) => noteText(warning, show)),
    ...(reason !== undefined && { reason: printable(reason) }),
    ...(error !== undefined && {
      error: { message: withCode(printable(error.message), error.code), remedy: printable(error.remedy) },
    }),
  };
}

function noteText({ field, message, from, to }: Warning, show: ShownValue): string {
  const about = field === undefined ? '' : `${printable(field)} `;
  const values = [from, to].filter((value) => value !== undefined).map((value) => show(field ?? '', value));
  return `${about}${printable(message)}${values.length === 0 ? '' : ` (${values.join(' -> ')})`}`;
}
