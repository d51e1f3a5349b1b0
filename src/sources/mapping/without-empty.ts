import { isRecord, refusedKeys } from '../../core/mapping/path.js';

/** Deeper than any mapping reads; a guard against a row made to exhaust the stack. */
const maxDepth = 20;

/** A copy of a row in which null and blank text are not there: to a source mapping both are an empty cell. */
export function withoutEmpty(row: unknown, depth = 0): unknown {
  if (!isRecord(row) || depth > maxDepth) return row;
  const copy: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(row)) {
    const empty = member === null || (typeof member === 'string' && member.trim() === '');
    if (!empty && !refusedKeys.has(key)) copy[key] = withoutEmpty(member, depth + 1);
  }
  return copy;
}
