import { isRecord } from '../../core/mapping/path.js';
import { kindOf } from '../../core/zod-issues.js';
import type { SourceRow } from '../../runner/row.js';
import { type Normalise, rejectPrefix, toSourceRow } from '../customer-source.js';
import type { CompiledSourceMapping } from '../mapping/compile-source-mapping.js';
import { withoutEmpty } from '../mapping/without-empty.js';
import { textProblem } from '../text/row-text.js';
import { findJsonFault } from './json-scan.js';

export interface ObjectOptions {
  readonly sourceMapping: CompiledSourceMapping | undefined;
  readonly normalise: Normalise | undefined;
}

/** One customer from the text of one JSON object. `original` is that text, whose long numbers parsing would round. */
export function readObject(text: string, at: string, { sourceMapping, normalise }: ObjectOptions): SourceRow {
  const damage = textProblem(text);
  if (damage !== undefined) return unreadable(text, at, damage);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return unreadable(text, at, describeFault(text));
  }
  if (!isRecord(value)) return unreadable(text, at, `must be an object, not ${kindOf(value)}`);
  const row = text.includes(`"${rejectPrefix}`) ? withoutRejectKeys(value) : value;
  return toSourceRow(
    sourceMapping === undefined ? { value: row } : sourceMapping.apply(withoutEmpty(row)),
    at,
    text,
    normalise,
  );
}

export function unreadable(original: string, at: string, message: string): SourceRow {
  return { at, original, problems: [{ field: '', message }] };
}

function describeFault(text: string): string {
  const fault = findJsonFault(text);
  return fault === undefined
    ? 'is not valid JSON'
    : `is not valid JSON (column ${fault.column}: expected ${fault.expected})`;
}

function withoutRejectKeys(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !key.startsWith(rejectPrefix)));
}
