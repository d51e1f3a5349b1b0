import type { Warning } from '../../schemas/outcome.js';
import { compileSetter, isObject, isWithin, parsePath } from '../core/mapping/path.js';
import type { Standing } from '../lint/effective.js';
import type { SourceRow } from '../runner/row.js';
import { jsonPositions } from '../sources/json/json-positions.js';
import type { SourceMappingFile } from '../sources/mapping/read-source-mapping.js';
import { rulePaths } from '../sources/mapping/source-rule.js';
import { withoutEmpty } from '../sources/mapping/without-empty.js';
import { type SourceTrace, traceSource } from './trace-source.js';

/** How a field of the customer got its value from the row. */
export interface GivenField {
  readonly field: string;
  /** The rule of the source mapping. Absent where the column or key has the field's own name. */
  readonly rule?: Standing & { readonly source: SourceTrace };
  /** What the normaliser changed, or could not read. */
  readonly cleaned: readonly Pick<Warning, 'message' | 'from' | 'to'>[];
}

export interface ReadRow {
  readonly row: SourceRow;
  /** CSV: the names of its cells. */
  readonly columns?: readonly string[] | undefined;
  readonly sourceMapping?: SourceMappingFile | undefined;
}

/** Explains fields of the customer by the row that they came from. */
export function createRowExplainer({ row, columns, sourceMapping }: ReadRow): (field: string) => GivenField {
  const lines = sourceMapping === undefined ? undefined : jsonPositions(sourceMapping.text);
  const paths = Object.values(sourceMapping?.compiled.fields ?? {}).flatMap(rulePaths);
  const record = recordOf(row, columns, paths);
  return (field) => {
    const target = Object.keys(sourceMapping?.compiled.fields ?? {}).find((one) => isPartOf(field, one));
    const rule = target === undefined ? undefined : sourceMapping?.compiled.fields[target];
    const cleaned = (row.notes ?? []).filter(
      (note) => note.field !== undefined && (isPartOf(note.field, field) || isPartOf(field, note.field)),
    );
    return {
      field,
      ...(rule !== undefined &&
        target !== undefined &&
        sourceMapping !== undefined && {
          rule: {
            file: sourceMapping.compiled.name,
            line: lines?.lineOf(['fields', target]) ?? 1,
            source: traceSource(rule, record),
          },
        }),
      cleaned: cleaned.map(({ message, from, to }) => ({
        message,
        ...(from !== undefined && { from }),
        ...(to !== undefined && { to }),
      })),
    };
  };
}

/** The row as the rules of a source mapping see it: an empty cell is not there. */
function recordOf({ original }: SourceRow, columns: readonly string[] | undefined, paths: readonly string[]): unknown {
  if (typeof original === 'string') return withoutEmpty(parsed(original));
  if (!Array.isArray(original) || columns === undefined) return withoutEmpty(original);
  const record: Record<string, unknown> = {};
  for (const path of paths) {
    const keys = parsePath(path);
    const index = columns.indexOf(columns.includes(path) ? path : keys.join('.'));
    const cell: unknown = original[index];
    if (typeof cell === 'string' && cell.trim() !== '') compileSetter(keys)(record, cell);
  }
  return record;
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

/** Whether a field is another one, or a part of it. */
export function isPartOf(field: string, whole: string): boolean {
  return isWithin(parsePath(field), parsePath(whole));
}
