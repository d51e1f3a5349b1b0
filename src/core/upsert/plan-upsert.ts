import type { Customer } from '../../../schemas/customer.js';
import type { FieldChange, Plan } from '../../../schemas/outcome.js';
import type { StoredRecord } from '../connector.js';
import { isUnset, sameValue } from '../mapping/compare.js';
import type { CompiledMapping } from '../mapping/compile-mapping.js';
import { encodeItems } from '../mapping/items.js';
import type { KeyChange } from '../mapping/keyed.js';
import { isObject } from '../mapping/path.js';
import { splitProviderMembers } from '../mapping/provider-members.js';
import { addWarning, type FieldIssue, type MappingReport } from '../mapping/report.js';
import type { CompiledRule } from '../mapping/rule.js';

/** What is known of the customer at the provider. */
export type Stored =
  | { readonly kind: 'absent' }
  | { readonly kind: 'record'; readonly record: StoredRecord; readonly providerId: string }
  /** Known to exist, not read. */
  | { readonly kind: 'unread'; readonly providerId?: string };

/** Targets that may be sent, and of a target with keys which of them; `undefined` = all its keys. */
export type Scope = ReadonlyMap<string, ReadonlySet<string> | undefined>;

export interface PlanInput {
  readonly to: string;
  readonly customer: Customer;
  readonly mapping: CompiledMapping;
  readonly stored: Stored;
  /** Metadata keys that we wrote before; what a whole `null` deletes. Absent when nobody remembers. */
  readonly ownedKeys?: readonly string[] | undefined;
  /** The targets to plan for; absent = all. */
  readonly only?: ReadonlySet<string> | undefined;
  /** What an update may send; absent = everything. */
  readonly scope?: Scope | undefined;
  /** Whether fields whose stored value cannot be seen are a reason to write. Where it is known that they changed. */
  readonly sendUnseen?: boolean | undefined;
}

export type Planned =
  | { readonly kind: 'plan'; readonly plan: Plan }
  /** The customer breaks a limit of the mapping; nothing is sent. */
  | { readonly kind: 'invalid'; readonly issues: readonly FieldIssue[] };

/** Decides what to send for one customer. Pure: the same input gives the same plan. */
export function planUpsert(input: PlanInput): Planned {
  const report: MappingReport = {};
  const draft = input.stored.kind === 'absent' ? draftCreate(input, report) : draftUpdate(input, report);
  if (report.issues !== undefined) return { kind: 'invalid', issues: report.issues };
  const { stored } = input;
  const nothing = Object.keys(draft.payload).length === 0;
  const plan: Plan = {
    customer_id: input.customer.id,
    to: input.to,
    action: stored.kind === 'absent' ? 'create' : nothing ? 'unchanged' : 'update',
    ...('providerId' in stored && stored.providerId !== undefined && { provider_id: stored.providerId }),
    compared: stored.kind !== 'unread',
    changes: draft.changes,
    warnings: report.warnings ?? [],
    ...(!(nothing && stored.kind !== 'absent') && { payload: draft.payload }),
  };
  return { kind: 'plan', plan };
}

interface Draft {
  readonly payload: Record<string, unknown>;
  readonly changes: FieldChange[];
}

function draftCreate({ mapping, customer }: PlanInput, report: MappingReport): Draft {
  const draft: Draft = { payload: {}, changes: [] };
  for (const rule of mapping.rules) {
    if (rule.rule.on === 'update') continue;
    const value = rule.evaluate(customer, 'create', report);
    if (value === undefined) continue;
    if (rule.keyed === undefined) {
      rule.put(draft.payload, value);
      draft.changes.push(setTo(rule, value));
    } else {
      const changes = rule.keyed.changes(value, undefined, customer);
      rule.put(draft.payload, rule.keyed.encode(value, undefined, customer, report));
      draft.changes.push(...changes.map((change) => keyChange(rule, change)));
    }
  }
  return draft;
}

function draftUpdate(input: PlanInput, report: MappingReport): Draft {
  const { mapping, customer, stored, only, scope, sendUnseen = false } = input;
  const record = stored.kind === 'record' ? stored.record : undefined;
  const draft: Draft = { payload: {}, changes: [] };
  /** Fields whose stored value cannot be seen: they go along with other changes but are no reason to write. */
  const unseen: { rule: CompiledRule; value: unknown }[] = [];

  for (const rule of mapping.rules) {
    if (rule.rule.on === 'create' || only?.has(rule.target) === false || scope?.has(rule.target) === false) continue;
    const value = rule.evaluate(customer, 'update', report);
    if (value === undefined) continue;
    if (rule.keyed !== undefined) draftKeys(rule, value, record, input, report, draft);
    else if (record === undefined || rule.read !== undefined) draftField(rule, value, record, report, draft);
    else if (sendUnseen) draftField(rule, value, undefined, report, draft);
    else unseen.push({ rule, value });
  }

  const writes = draft.changes.length > 0;
  for (const { rule, value } of unseen) {
    if (!writes) {
      addWarning(report, {
        code: 'cannot_tell',
        field: rule.field,
        message: 'cannot be read back from this provider, so it was not sent again',
      });
    } else if (encodeScalar(rule, value, draft.payload, undefined)) {
      draft.changes.push({ ...setTo(rule, value), change: 'cannot_tell' });
    }
  }
  return draft;
}

function draftField(
  rule: CompiledRule,
  value: unknown,
  record: StoredRecord | undefined,
  report: MappingReport,
  draft: Draft,
): void {
  const { compare = 'exact', hidden, provider_members: prefix } = rule.rule;
  const shown = record === undefined ? undefined : rule.read?.(record);
  const { compared: storedValue, kept } = splitProviderMembers(prefix, value, shown);
  if (record !== undefined && sameValue(value, storedValue, compare, hidden)) return;
  if (!encodeScalar(rule, value, draft.payload, storedValue, kept)) {
    const reason = rule.rule.clear_reason ?? 'this provider has no way to clear it';
    addWarning(report, { code: 'cannot_clear', field: rule.field, message: `was not cleared: ${reason}` });
    return;
  }
  const from = isUnset(storedValue) ? undefined : rule.toCanonical(storedValue);
  if (value === null)
    draft.changes.push({
      field: rule.field,
      target: rule.target,
      change: 'clear',
      ...(from !== undefined && { from }),
    });
  else draft.changes.push({ ...setTo(rule, value), ...(from !== undefined && { from }) });
}

/** Puts a value, or the provider's way to clear. False when there is none. */
function encodeScalar(
  rule: CompiledRule,
  value: unknown,
  payload: Record<string, unknown>,
  storedValue: unknown,
  kept: readonly unknown[] = [],
): boolean {
  const { clear = 'unsupported', items } = rule.rule;
  if (value !== null) {
    const encoded = items === undefined ? value : encodeItems(items, value, storedValue);
    rule.put(payload, Array.isArray(encoded) ? [...encoded, ...kept] : encoded);
    return true;
  }
  if (clear === 'unsupported') return false;
  rule.put(payload, clear === 'null' ? null : '');
  return true;
}

function draftKeys(
  rule: CompiledRule,
  value: unknown,
  record: StoredRecord | undefined,
  { customer, ownedKeys, scope }: PlanInput,
  report: MappingReport,
  draft: Draft,
): void {
  if (rule.keyed === undefined) return;
  const storedValue = record === undefined ? undefined : rule.read?.(record);
  if (value === null && ownedKeys === undefined) {
    if (record !== undefined && Object.keys(rule.keyed.stored(storedValue)).length === 0) return;
    const message = 'null deletes the keys that we wrote, and no ledger remembers which; name the keys to delete';
    addWarning(report, { code: 'cannot_clear', field: rule.field, message });
    return;
  }
  const patch = inScope(
    value ?? Object.fromEntries((ownedKeys ?? []).map((key) => [key, null])),
    scope?.get(rule.target),
  );
  const changes = record === undefined ? sentKeys(patch) : rule.keyed.changes(patch, storedValue, customer);
  if (changes.length === 0) return;
  rule.put(draft.payload, rule.keyed.encode(patch, storedValue, customer, report));
  draft.changes.push(...changes.map((change) => keyChange(rule, change)));
}

function inScope(patch: unknown, keys: ReadonlySet<string> | undefined): unknown {
  if (keys === undefined || !isObject(patch)) return patch;
  return Object.fromEntries(Object.entries(patch).filter(([key]) => keys.has(key)));
}

/** Without the record every key of the patch is sent, those to delete among them. */
function sentKeys(patch: unknown): readonly KeyChange[] {
  return Object.entries(isObject(patch) ? patch : {}).map(([key, to]) => ({ key, ...(to !== null && { to }) }));
}

function keyChange(rule: CompiledRule, { key, from, to }: KeyChange): FieldChange {
  return {
    field: `${rule.field}.${key}`,
    target: rule.target,
    change: to === undefined ? 'clear' : 'set',
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
}

function setTo(rule: CompiledRule, value: unknown): FieldChange {
  return {
    field: rule.field,
    target: rule.target,
    change: 'set',
    ...(value !== null && { to: rule.toCanonical(value) }),
  };
}
