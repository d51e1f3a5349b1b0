/** Runs tasks that share a key one after another, and all others at once. */
export function createKeyedLock() {
  const tails = new Map<string, Promise<void>>();

  return async function withKeys<T>(keys: readonly string[], task: () => Promise<T>): Promise<T> {
    const before = keys.flatMap((key) => tails.get(key) ?? []);
    const { promise: done, resolve } = Promise.withResolvers<void>();
    // All keys are taken in one step, so two tasks can never wait for each other.
    for (const key of keys) tails.set(key, done);
    try {
      if (before.length > 0) await Promise.all(before);
      return await task();
    } finally {
      resolve();
      for (const key of keys) if (tails.get(key) === done) tails.delete(key);
    }
  };
}

export type KeyedLock = ReturnType<typeof createKeyedLock>;
