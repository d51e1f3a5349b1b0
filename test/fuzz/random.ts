/** Chance that can be repeated: the same seed gives the same choices. */
export interface Chance {
  /** From 0 to `below`, without it. */
  int(below: number): number;
  pick<T>(items: readonly [T, ...T[]]): T;
  /** Once in so many times. */
  oneIn(times: number): boolean;
}

/** mulberry32, by Tommy Ettinger: far faster than what is made for more than fuzzing. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (below: number) => Math.floor(next() * below);
  return { int, pick: (items) => items[int(items.length)] ?? items[0], oneIn: (times) => int(times) === 0 };
}

/** Printed by every run, so that it can be run again: `CUSTOMER_SYNC_FUZZ_SEED=<seed> npx vitest run test/fuzz`. */
export function newSeed(): number {
  const given = Number(process.env['CUSTOMER_SYNC_FUZZ_SEED']);
  const seed = given > 0 ? given : Math.floor(Math.random() * 2 ** 31);
  process.stdout.write(`fuzz seed ${seed}\n`);
  return seed;
}
