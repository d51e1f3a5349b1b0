import { refusedKeys } from '../core/mapping/path.js';
import type { Chosen } from './build-rules.js';
import { compactName, snakeName } from './column-names.js';
import { type ColumnValues, guessByValues, valuesOf } from './column-values.js';
import { guessByName } from './name-guess.js';
import type { Column, Table } from './table.js';

export type Confidence = 'high' | 'medium' | 'low';

export interface LeftOut {
  readonly column: string;
  readonly reason: string;
}

export interface Choice {
  readonly chosen: Chosen;
  /** Why a field got its columns, before their values were tried; absent: they are named so. */
  readonly why: ReadonlyMap<string, { readonly confidence: Confidence; readonly text: string }>;
  readonly leftOut: readonly LeftOut[];
}

/** Fields for which a second column stands in where the first is empty. */
const alternatives: readonly string[] = ['phone', 'address.country', 'shipping_address.country'];

/** A rule may have this many places to look at. */
const mostAlternatives = 10;

interface Candidate {
  readonly column: Column;
  readonly values: ColumnValues;
  readonly field: string | undefined;
  readonly rank: number;
  readonly exact: boolean;
  readonly reason: string | undefined;
}

type Why = Map<string, { confidence: Confidence; text: string }>;

/** Decides which column goes where, by name first, and by values where a name says nothing. */
export function chooseColumns(table: Table, systems: readonly string[]): Choice {
  const candidates = table.columns.map((column) => candidateOf(column, table, systems));
  const chosen = new Map<string, readonly Column[]>();
  const why: Why = new Map();
  for (const field of new Set(candidates.flatMap((candidate) => candidate.field ?? []))) {
    const takers = candidates
      .filter((candidate) => candidate.field === field && (field !== 'id' || candidate.values.identifies))
      .sort((a, b) => a.rank - b.rank);
    const taken = takers.slice(0, alternatives.includes(field) ? mostAlternatives : 1);
    if (taken.length === 0) continue;
    chosen.set(
      field,
      taken.map(({ column }) => column),
    );
    if (!taken[0]?.exact) why.set(field, { confidence: 'medium', text: 'named like it' });
  }
  takeEmailByValues(candidates, chosen, why);
  takeIdByValues(candidates, chosen, why);
  const used = new Set([...chosen.values()].flat());
  const leftOut = candidates.filter(({ column }) => !used.has(column)).map((candidate) => leave(candidate, chosen));
  return { chosen, why, leftOut };
}

function candidateOf(column: Column, table: Table, systems: readonly string[]): Candidate {
  const values = valuesOf(table, column);
  const nothing = { column, values, field: undefined, rank: 0, exact: false };
  if (refusedKeys.has(column.name)) return { ...nothing, reason: 'has a name that is never accepted' };
  if (column.path.length > 200) return { ...nothing, reason: 'has a name too long for a mapping' };
  const guess = guessByName(column.name, systems);
  if (guess === undefined) return { ...nothing, reason: undefined };
  if (guess.kind === 'unwanted') return { ...nothing, reason: guess.reason };
  const isList = values.values.some((value) => typeof value === 'object');
  if (isList) return { ...nothing, reason: `named like ${guess.field}, but holds lists` };
  return { column, values, field: guess.field, rank: guess.rank, exact: guess.exact, reason: undefined };
}

/** The addresses of customers differ; those of the people who look after them do not. */
function takeEmailByValues(candidates: readonly Candidate[], chosen: Map<string, readonly Column[]>, why: Why): void {
  if (chosen.has('email')) return;
  const found = candidates.find(
    ({ field, reason, values }) =>
      field === undefined &&
      reason === undefined &&
      values.distinct >= values.values.length * 0.9 &&
      guessByValues(values)?.field === 'email',
  );
  if (found === undefined) return;
  chosen.set('email', [found.column]);
  why.set('email', { confidence: 'medium', text: 'its values are e-mail addresses' });
}

function takeIdByValues(candidates: readonly Candidate[], chosen: Map<string, readonly Column[]>, why: Why): void {
  if (chosen.has('id')) return;
  const taken = new Set([...chosen.values()].flat());
  const found = candidates.find(
    ({ column, reason, values }) =>
      !taken.has(column) &&
      reason === undefined &&
      values.identifies &&
      /(?:id|nr|no|number|nummer|code|key)$/.test(compactName(column.name)),
  );
  if (found !== undefined) {
    chosen.set('id', [found.column]);
    why.set('id', { confidence: 'medium', text: 'named like an id, and every row has another one' });
    return;
  }
  const email = chosen.get('email');
  if (email === undefined || !candidates.some(({ column, values }) => column === email[0] && values.identifies)) return;
  chosen.set('id', email);
  why.set('id', { confidence: 'low', text: 'no column is an id; an e-mail address that changes makes a new customer' });
}

function leave({ column, field, reason, values }: Candidate, chosen: Chosen): LeftOut {
  const found = field === undefined && reason === undefined ? guessByValues(values) : undefined;
  return { column: column.name, reason: reason ?? reasonOf(column, field, found, chosen) };
}

function reasonOf(
  { name, path }: Column,
  field: string | undefined,
  found: { readonly field: string; readonly what: string } | undefined,
  chosen: Chosen,
): string {
  if (field !== undefined) {
    const other = chosen.get(field)?.[0]?.name;
    return other === undefined
      ? `named like ${field}, but not every row has a value of its own`
      : `${field} comes from ${other}`;
  }
  if (found !== undefined && !chosen.has(found.field)) {
    return `its values look like ${found.what}; if they are this customer's: "${found.field}": { "from": ${JSON.stringify(path)} }`;
  }
  return `not recognised; to keep it: "metadata.${snakeName(name)}": { "from": ${JSON.stringify(path)} }`;
}
