import type { Outcome } from '../../schemas/outcome.js';
import type { CompiledMapping } from '../core/mapping/compile-mapping.js';
import type { Scope } from '../core/upsert/plan-upsert.js';
import { type IntendedField, scopeOf } from '../core/upsert/update-intent.js';
import type { Fingerprints } from '../ledger/fingerprints.js';
import type { FieldMemory } from '../ledger/ledger.js';

/** An intended field with what is remembered of it. */
export interface HashedField extends IntendedField {
  readonly place: string;
  readonly hash: string;
}

/** Places of keys are told from those of whole targets by this. */
const separator = '\n';

/** Equal values of two customers get two hashes, so that nothing can be counted. */
export function hashFields(
  fields: readonly IntendedField[],
  customerId: string,
  fingerprints: Fingerprints,
): readonly HashedField[] {
  return fields.map((field) => {
    const { target, key, wanted } = field;
    const place = key === undefined ? target : target + separator + key;
    return { ...field, place, hash: fingerprints.value(customerId + separator + place, wanted) };
  });
}

/** What differs from what was sent last. */
export function changedFields(fields: readonly HashedField[], memory: FieldMemory): readonly HashedField[] {
  return fields.filter(({ place, hash }) => memory.hashes[place] !== hash);
}

/** No hash is empty, so a field that has this one differs from whatever the source says next. */
const inDoubt = '';

/**
 * What is known while these fields are being sent: whether the provider has the old values or the new ones is not. It
 * matters when the process dies and the source goes back to the old ones, which would look as if nothing had changed.
 */
export function doubted(fields: readonly HashedField[], { hashes, notKept }: FieldMemory): FieldMemory {
  return { hashes: { ...hashes, ...Object.fromEntries(fields.map(({ place }) => [place, inDoubt])) }, notKept };
}

/** All that may be sent after comparing: what the provider did not keep last time would not be kept this time either. */
export function comparableScope(fields: readonly HashedField[], memory: FieldMemory): Scope | undefined {
  if (memory.notKept.size === 0) return undefined;
  return scopeOf(
    fields.filter(({ place, hash, field }) => !memory.notKept.has(field) || memory.hashes[place] !== hash),
  );
}

/** Metadata keys that were written before, and not deleted since. */
export function ownedKeys(
  mapping: CompiledMapping,
  memory: FieldMemory | undefined,
  customerId: string,
  fingerprints: Fingerprints,
): readonly string[] | undefined {
  if (memory === undefined) return undefined;
  const keyed = new Set(mapping.rules.filter(({ field }) => field === 'metadata').map(({ target }) => target));
  return Object.entries(memory.hashes).flatMap(([place, hash]) => {
    const [target = '', ...key] = place.split(separator);
    if (key.length === 0 || !keyed.has(target)) return [];
    const cleared = fingerprints.value(customerId + separator + place, ['clear']);
    return hash === cleared ? [] : [key.join(separator)];
  });
}

/** What is remembered once these fields are as wanted. */
export function remember(
  fields: readonly HashedField[],
  before: FieldMemory | undefined,
  { warnings }: Pick<Outcome, 'warnings'>,
): FieldMemory {
  const hashes: Record<string, string> = { ...before?.hashes };
  const notKept = new Set(before?.notKept);
  for (const { place, hash, field } of fields) {
    if (hashes[place] === hash) continue;
    hashes[place] = hash;
    notKept.delete(field);
  }
  for (const { code, field } of warnings) if (code === 'not_kept' && field !== undefined) notKept.add(field);
  return { hashes, notKept };
}
