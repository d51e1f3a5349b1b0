import type { Chance } from '../../fuzz/random.js';

export type Fields = Readonly<Record<string, unknown>>;

/** The first customers of a source that will grow. */
export function firstRows(count: number): Fields[] {
  return Array.from({ length: count }, (_, index) => newRow(index));
}

/** What became of a source: some customers have another e-mail address, some another name, some are new. */
export function evolve(rows: readonly Fields[], upTo: number, generation: number, chance: Chance): Fields[] {
  const added = Array.from({ length: Math.max(0, upTo - rows.length) }, (_, index) => newRow(rows.length + index));
  return [...rows.map((row, index) => changed(row, index, generation, chance)), ...added];
}

function newRow(index: number): Fields {
  return {
    id: `acct_${index}`,
    email: `user${index}@example.test`,
    first_name: 'Ann',
    last_name: `Able${index}`,
    metadata: { plan: 'gold' },
  };
}

function changed(row: Fields, index: number, generation: number, chance: Chance): Fields {
  if (chance.oneIn(4)) return { ...row, email: `user${index}.moved${generation}@example.test` };
  if (chance.oneIn(25))
    return { ...row, last_name: `Able${index}-${generation}`, metadata: { plan: 'silver', seats: 3 } };
  return row;
}
