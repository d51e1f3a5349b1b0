/** Lets so many tasks run at once; the others wait, first come, first served. */
export function createSlots(count: number) {
  const waiting: (() => void)[] = [];
  let free = count;

  return async function withSlot<T>(task: () => Promise<T>): Promise<T> {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await task();
    } finally {
      // Handed on rather than given back, so that nobody who comes later gets in between.
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}

export type Slots = ReturnType<typeof createSlots>;
