import type { z } from 'zod';
import type { ProviderDefinition } from '../../schemas/definition.js';
import type { Client } from './http/client.js';

/** What identifies a record: the value of the definition's `identity.match`, or the provider's own id. */
export type Key =
  | { readonly by: 'match'; readonly value: string }
  | { readonly by: 'provider_id'; readonly value: string };

/** A provider's answer about one customer, as it came. */
export type StoredRecord = Readonly<Record<string, unknown>>;

export type Found =
  | { readonly kind: 'absent' }
  | { readonly kind: 'found'; readonly record: StoredRecord }
  /** More than one record fits; the flow stops for this customer. */
  | { readonly kind: 'ambiguous'; readonly providerIds: readonly string[] };

/** Fields in the provider's form, by the mapping's targets. */
export type Payload = Readonly<Record<string, unknown>>;

export interface CreateRequest {
  readonly payload: Payload;
  /** Follows from our id, so it is the same for every repeat of this create, in whatever run; for providers that accept one. */
  readonly idempotencyKey: string;
}

export interface UpdateRequest {
  /** What the record is addressed by, as the definition's `identity.address` says. */
  readonly address: string;
  /** The fields that change, and what the provider replaces with them. */
  readonly payload: Payload;
}

export interface ListPage {
  /** Pages may repeat a record. */
  readonly records: readonly StoredRecord[];
  /** Absent on the last page. */
  readonly next?: string;
  /**
   * For lists that move when records are deleted: a page further up, to be read again when this one shows no record of
   * the page before it. The pages of such a list overlap. Absent on the first page, and where nothing can be missed.
   */
  readonly previous?: string;
}

/**
 * A provider's verbs. They build requests and read answers; planning, retrying and settling are the engine's. Failures
 * come from the client as `CustomerSyncError`s and are let through.
 */
export interface Connector {
  /**
   * Looks one customer up. Must check that every record it answers with is the one asked for, since providers ignore
   * filters they do not know.
   */
  find(client: Client, key: Key): Promise<Found>;
  /** Creates and answers with the record. Where the provider upserts, it may be one that was there before. */
  create(client: Client, request: CreateRequest): Promise<StoredRecord>;
  update(client: Client, request: UpdateRequest): Promise<StoredRecord>;
  /** One page of all customers. @param cursor `next` of the page before; absent for the first. */
  list(client: Client, cursor?: string): Promise<ListPage>;
  /** @param address as of an update, unless the definition's `archive.by` says otherwise. */
  archive?(client: Client, address: string): Promise<void>;
}

/** Everything the engine needs to know about one billing system. */
export interface Provider {
  readonly definition: ProviderDefinition;
  /** Content of its `mapping.json`; checked when it is compiled. */
  readonly mapping: unknown;
  readonly connector: Connector;
  /** Checks `provider_fields.<id>` of a customer. */
  readonly fields: z.ZodType<Record<string, unknown>>;
}
