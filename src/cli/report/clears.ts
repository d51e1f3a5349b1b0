import { type ShownRow, viewOf } from './report.js';

/** Names of metadata come from the source, and there may be any number. */
const countedFields = 100;

/** `  clears, 2x: url`: of one field at one connection. */
export interface ClearedField {
  readonly field: string;
  readonly times: number;
}

/** Counts which fields are emptied, and how often: the part of a plan that nobody wants to overlook. */
export function createClears() {
  const byConnection = new Map<string, Map<string, number>>();
  return {
    add({ results }: ShownRow): void {
      for (const { to, changes } of results.map(viewOf)) {
        const fields = byConnection.get(to) ?? new Map<string, number>();
        byConnection.set(to, fields);
        for (const { change, field } of changes) {
          if (change !== 'clear') continue;
          const name = fields.has(field) || fields.size < countedFields ? field : 'other fields';
          fields.set(name, (fields.get(name) ?? 0) + 1);
        }
      }
    },
    /** The most often emptied first. */
    of(to: string): ClearedField[] {
      return [...(byConnection.get(to) ?? [])]
        .map(([field, times]) => ({ field, times }))
        .toSorted((one, other) => other.times - one.times);
    },
  };
}
