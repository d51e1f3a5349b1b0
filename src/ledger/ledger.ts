import type { ErrorCode } from '../../schemas/error-codes.js';
import type { Failure, OutcomeStatus } from '../../schemas/outcome.js';
import type { RunReport } from '../../schemas/run-report.js';
import type { Fingerprints } from './fingerprints.js';

/** By what an account is recognised again, whatever the connection to it is called. */
export interface AccountFacts {
  /** The provider's key. */
  readonly provider: string;
  /** Where requests go; for people too. */
  readonly origin: string;
  /** The account or environment as the provider, or whoever stands before it, reports it. */
  readonly reported?: string | undefined;
  /** The secret, where nothing is reported: only a keyed hash of it is kept. */
  readonly credential?: string | undefined;
}

/** An account that the ledger knows. */
export interface Account {
  readonly number: number;
  readonly provider: string;
  readonly origin: string;
  /** When customers were written there for the first time, ISO 8601. */
  readonly firstWrittenAt: string | undefined;
}

/**
 * One job at one account. Two jobs may write different fields of the same customers: they share who is who and what was
 * sent, and each has its own notion of what is done.
 */
export interface Lane {
  readonly number: number;
  readonly job: string;
  /** The connection. */
  readonly to: string;
  readonly account: Account;
}

/**
 * How things stand with one customer in one lane. `new`: nothing was done yet. `settled`: as wanted. `excluded`: left
 * out on purpose. `failing`: on the list of failures.
 */
export type EntryState = 'new' | 'settled' | 'excluded' | 'failing' | 'archived';

export interface Entry {
  /** Small, and the same for as long as the ledger remembers the customer. */
  readonly number: number;
  readonly customerId: string;
  readonly state: EntryState;
  /** The provider's id of the record. */
  readonly providerId: string | undefined;
  /** Of the source's row that was settled, or failed, last. */
  readonly rowDigest: string | undefined;
  /** Of the mapping then. */
  readonly version: string | undefined;
}

/** What we sent last, field by field: a keyed hash for each target, or for each key below it. */
export interface FieldMemory {
  /** `target`, or `target` and key -> hash. */
  readonly hashes: Readonly<Record<string, string>>;
  /** Fields that the provider answered with another value for. */
  readonly notKept: ReadonlySet<string>;
}

/** A write that may be repeated only by who knows about it. Sealed while it is open, erased when it is settled. */
export interface OpenIntent {
  readonly customerId: string;
  /** Absent when the key of the ledger was lost since. */
  readonly sent: SentIdentity | undefined;
}

export interface SentIdentity {
  /** What the provider finds the customer by. */
  readonly match: string | undefined;
  readonly idempotencyKey: string;
}

/** What came of one customer at one account. */
export interface Settlement {
  /** Absent for a row that has no id; its failure is listed under the row's place, which is `customerId` then. */
  readonly number: number | undefined;
  readonly customerId: string;
  readonly state: EntryState;
  readonly status: OutcomeStatus;
  /** `undefined` leaves it as it is; an archived customer's is forgotten, with what was sent. */
  readonly providerId?: string | undefined;
  readonly rowDigest: string | undefined;
  readonly version: string | undefined;
  /** Absent leaves what is remembered as it is. */
  readonly fields?: FieldMemory | undefined;
  readonly failure?: Failure | undefined;
  /** When a later run may try again, ISO 8601; absent: when the customer or the mapping changed. */
  readonly retryAt?: string | undefined;
  /** Names of the fields that changed. Absent: not a line of the history. */
  readonly changed?: readonly string[] | undefined;
  /** Keyed hash of what was written, to tell equal writes from others. */
  readonly plan?: string | undefined;
  /** Whether an intent of this customer stays open. */
  readonly keepsIntent?: boolean | undefined;
}

/** A customer that is not in its wanted state. */
export interface ListedFailure {
  /** The row's place where the row has no id that can be read. */
  readonly customerId: string;
  readonly job: string;
  /** The connection's name at the time. */
  readonly to: string;
  readonly status: OutcomeStatus;
  readonly failure: Failure;
  readonly firstAt: string;
  readonly lastAt: string;
  /** Runs that tried, and failed. */
  readonly attempts: number;
  /** Runs in a row that got the same answer of the kind that blames the provider (5xx). */
  readonly sameAnswers: number;
  readonly retryAt: string | undefined;
}

export interface FailureFilter {
  readonly job?: string | undefined;
  readonly to?: string | undefined;
  readonly ids?: readonly string[] | undefined;
  readonly code?: ErrorCode | undefined;
}

/** One line of the history. */
export interface HistoryLine {
  readonly run: number;
  readonly job: string;
  readonly to: string;
  readonly at: string;
  readonly status: OutcomeStatus;
  readonly changed: readonly string[];
  /** Keyed hash of what was written. Absent where nothing was. */
  readonly plan?: string;
}

/** A run as `status` lists it; `report` is absent while it goes on, and for one that was killed. */
export interface RunLine {
  readonly run: number;
  readonly job: string;
  readonly startedAt: string;
  readonly report: RunReport | undefined;
}

/** For whom a source was read: the number of each lane, and the version of what its rows went through. */
export type Readers = ReadonlyMap<number, string>;

/**
 * Our record of who is who at which account, and of what we sent. Holds no personal data but the ids that the user chose.
 *
 * Every method that writes is one transaction, durable when it resolves.
 * @throws CustomerSyncError `config` when the ledger cannot be read or written.
 */
export interface Ledger {
  /** What happened to the ledger itself: its key is another one, the last run was killed. For people. */
  readonly notices: readonly string[];
  readonly fingerprints: Fingerprints;

  /**
   * The account behind a connection, made known when it is new.
   * @throws CustomerSyncError `config` when the connection led to another account before.
   */
  bind(connection: string, facts: AccountFacts): Promise<Account>;
  /**
   * Says that a connection leads to the account it led to before, under a new key (`same`), or to another one.
   * @returns whether that was to be said: of a connection that is not known there is nothing to say before its first run.
   * @throws CustomerSyncError `config` when the ledger knows the account that it leads to as another one.
   */
  rebind(connection: string, facts: AccountFacts, as: 'same' | 'other'): Promise<boolean>;
  noteFirstWrite(account: Account): Promise<void>;

  lane(job: string, to: string, account: Account): Promise<Lane>;
  /** Entries of these customers, in their order; `undefined` for who is not known at the account. */
  find(lane: Lane, customerIds: readonly string[]): Promise<readonly (Entry | undefined)[]>;
  /** As `find`, but makes those known that are not. */
  enter(lane: Lane, customerIds: readonly string[]): Promise<readonly Entry[]>;
  /** All entries of a lane but the archived ones, a page at a time. */
  entries(lane: Lane): AsyncIterable<readonly Entry[]>;
  /** How many are settled or failing. */
  countEntries(lane: Lane): Promise<number>;
  /** What was sent last, by the entry's number; of whom nothing is remembered is not in it. */
  fields(entries: readonly Entry[]): Promise<ReadonlyMap<number, FieldMemory>>;
  /** Our id of the customer that a record belongs to. */
  ownerOf(account: Account, providerId: string): Promise<string | undefined>;
  /**
   * To be awaited before an update: until it is settled, the row counts as changed, and so does whatever of its fields
   * these hashes do not know.
   */
  doubt(lane: Lane, entry: Entry, fields: FieldMemory): Promise<void>;
  /** To be awaited before an archive: until it is settled, the customer is to be compared, whatever any job remembers. */
  doubtRecord(entry: Entry): Promise<void>;
  settle(lane: Lane, run: number, settlements: readonly Settlement[]): Promise<void>;

  /** To be awaited before a request that may not be sent twice. The customer is one of the lane's from then on. */
  intend(lane: Lane, customerId: string, sent: SentIdentity): Promise<void>;
  openIntents(account: Account): Promise<readonly OpenIntent[]>;
  /** Erases an intent; with the id, once it is known what came of it. */
  settleIntent(account: Account, customerId: string, providerId: string | undefined): Promise<void>;

  beginRun(job: string): Promise<number>;
  endRun(report: RunReport): Promise<void>;
  runs(filter?: { readonly job?: string | undefined; readonly limit?: number }): Promise<readonly RunLine[]>;

  /** Up to where the job's source is finished for all of these; `undefined` where it is not known of one of them. */
  position(job: string, readers: Readers): Promise<string | undefined>;
  savePosition(job: string, position: string, readers: Readers): Promise<void>;

  failures(filter?: FailureFilter): Promise<readonly ListedFailure[]>;
  failure(lane: Lane, customerId: string): Promise<ListedFailure | undefined>;
  /** Counts that these customers' failures were the provider's, and the same as at the run before. */
  noteSameAnswers(lane: Lane, customerIds: readonly string[]): Promise<void>;
  /** Takes failures off the list: of rows without an id that the run did not meet again, and of these customers. */
  dropFailures(lane: Lane, run: number, customerIds: readonly string[]): Promise<void>;
  history(customerId: string): Promise<readonly HistoryLine[]>;

  /** Notes which record is whose; answers how many were new. @throws CustomerSyncError when one belongs to another. */
  link(account: Account, links: readonly { customerId: string; providerId: string }[]): Promise<number>;
  /** Erases every trace of a customer. Answers whether there was one. */
  forget(customerId: string): Promise<boolean>;
  close(): Promise<void>;
}
