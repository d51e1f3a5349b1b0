import type { Customer } from '../../schemas/customer.js';
import type { JobPlan, Outcome } from '../../schemas/outcome.js';
import type { AccountFacts } from '../ledger/ledger.js';
import type { Connection } from '../runner/connection.js';
import type { SourceRow } from '../runner/row.js';
import type { Normalise } from '../sources/customer-source.js';

/** A row with, where the source can go on from a place, that place. */
export type JobRow = SourceRow & { readonly position?: string | undefined };

/** Where a job's customers come from. */
export interface JobSource {
  /** For messages. */
  readonly name: string;
  /** Whether a reading shows every customer there is, so that who is missing has left. */
  readonly complete: boolean;
  /**
   * Reads in the source's own order. Must be possible more than once. Rows are not normalised, so that an unchanged one
   * costs nothing but its reading; `original` is what tells whether it changed, where it is there.
   * @param after the `position` of a row: what came up to it was finished by an earlier run.
   */
  rows(options?: { readonly after?: string | undefined }): AsyncIterable<JobRow>;
  /** The rows of these customers as they are now; a customer that is gone has none. */
  byIds?(ids: readonly string[]): AsyncIterable<SourceRow>;
  readonly normalise?: Normalise | undefined;
  /** What to look at when it has no rows at all. */
  readonly ifEmpty?: string | undefined;
  /** Whatever else changes what a row means: the source mapping, the normaliser's strictness, the program's version. */
  readonly version: string;
}

export const jobModes = ['upsert', 'update_only', 'create_only', 'mirror'] as const;
export type JobMode = (typeof jobModes)[number];

/** Limits beyond which a run stops before it writes. */
export interface Guards {
  /** Of the customers known at an account. Default: 50, from 20 known customers on. */
  readonly maxChangedPercent?: number | undefined;
  /** How much smaller than at its last run a complete source may be. Default: 20. */
  readonly maxShrinkPercent?: number | undefined;
  /** Default: 10. */
  readonly maxArchived?: number | undefined;
}

export const guardNames = ['empty', 'shrunk', 'changed', 'archived', 'first_write'] as const;
/** What a guard stopped, and `--allow` lets pass once. */
export type GuardName = (typeof guardNames)[number];

export interface JobTarget {
  readonly connection: Connection;
  readonly account: AccountFacts;
  /** Part of the provider's rate that the connection uses, for telling how long a run takes. Default: 0.5. */
  readonly rateShare?: number | undefined;
}

export interface Job {
  readonly name: string;
  readonly source: JobSource;
  readonly targets: readonly JobTarget[];
  readonly mode: JobMode;
  readonly guards?: Guards | undefined;
  /** Customers for whom it answers false are left out. `text` is what it says, so that a change is noticed. */
  readonly filter?: { readonly text: string; readonly test: (customer: Customer) => boolean } | undefined;
  /** Keys of all providers there are, so that what a customer says to none of them is noticed. */
  readonly providers?: readonly string[] | undefined;
  /** For `mirror`. `consents` are those that a definition asks for by name, since archiving there does more. */
  readonly archive?: { readonly allowed: boolean; readonly consents: readonly string[] } | undefined;
}

/** What a run, or a dry run, tells while it goes on. Unchanged customers are counted and not told one by one. */
export type RunEvent =
  /** `to`: the connection that it is about, if it is about one. */
  | { readonly kind: 'notice'; readonly message: string; readonly to?: string }
  /** Once for each target, before anything is sent. */
  | { readonly kind: 'counted'; readonly to: string; readonly counts: Counts }
  /** A customer that was tried, or that is failing still. `value`s in it are the customer's: print, never log. */
  | { readonly kind: 'outcome'; readonly outcome: Outcome; readonly isNewFailure: boolean; readonly row?: SourceRow }
  | { readonly kind: 'plan'; readonly plan: JobPlan; readonly row?: SourceRow }
  /** After every batch of rows. */
  | { readonly kind: 'progress'; readonly done: number; readonly total: number; readonly failed: number };

/** What a reading of the source, without any request, says about one target. */
export interface Counts {
  readonly rows: number;
  /** Need no request. */
  readonly unchanged: number;
  /** Not known to the ledger: created, or found at the provider and linked. */
  readonly unknown: number;
  /** Known, and to be updated. */
  readonly changed: number;
  /** Known, but not what was sent last: to be read and compared. */
  readonly compared: number;
  /** Break our own rules. */
  readonly invalid: number;
  /** Left out on purpose. */
  readonly excluded: number;
  /** Failed before, and are not to be tried now. */
  readonly waiting: number;
  /** To be archived; `mirror` only. */
  readonly leaving: number;
  /** Customers that the ledger knows at this account. */
  readonly known: number;
  /** What all of that costs at the most, in requests and in seconds at the connection's rate. */
  readonly cost: { readonly reads: number; readonly writes: number; readonly seconds: number };
}
