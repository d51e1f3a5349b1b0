/** Runs tasks a few at a time. */
export interface Pool {
  /** Resolves when the task stands in line and there is room for another one. */
  add(task: () => Promise<void>): Promise<void>;
  /** Resolves when nothing is left to do. @throws what a task threw, once the others have ended. */
  idle(): Promise<void>;
}

/** @param queue so many may wait before whoever adds has to. After a task that fails no other one is begun. */
export function createPool(concurrency: number, queue: number): Pool {
  const waiting: (() => Promise<void>)[] = [];
  let running = 0;
  let failure: { readonly error: unknown } | undefined;
  let changed = Promise.withResolvers<void>();

  function next(): void {
    while (running < concurrency && failure === undefined) {
      const task = waiting.shift();
      if (task === undefined) break;
      running += 1;
      void task()
        .catch((error: unknown) => {
          failure ??= { error };
        })
        .finally(() => {
          running -= 1;
          next();
          changed.resolve();
          changed = Promise.withResolvers();
        });
    }
  }

  async function until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await changed.promise;
    if (failure !== undefined) throw failure.error;
  }

  return {
    async add(task) {
      waiting.push(task);
      next();
      if (waiting.length > queue) await until(() => waiting.length <= queue || failure !== undefined);
    },
    idle: () => until(() => running === 0 && (waiting.length === 0 || failure !== undefined)),
  };
}
