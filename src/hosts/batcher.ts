/** Collects what is given to it one by one, and works on it in batches, one after another. */
export interface Batcher<Item, Result> {
  add(item: Item): Promise<Result>;
}

interface BatcherParts<Item, Result> {
  readonly maxItems: number;
  readonly maxBytes: number;
  sizeOf(item: Item): number;
  /** Answers one result for each item, in their order. */
  work(items: readonly Item[]): Promise<readonly Result[]>;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly bytes: number;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/** So long a batch that is not full waits for more, in milliseconds. */
const lingerMs = 20;

export function createBatcher<Item, Result>(parts: BatcherParts<Item, Result>): Batcher<Item, Result> {
  const queue: Waiting<Item, Result>[] = [];
  let isWorking = false;

  function nextBatch(): Waiting<Item, Result>[] {
    let bytes = 0;
    let count = 0;
    for (const waiting of queue) {
      bytes += waiting.bytes;
      // What is too large alone goes alone; whoever works on it says so.
      if (count > 0 && (count === parts.maxItems || bytes > parts.maxBytes)) break;
      count += 1;
    }
    return queue.splice(0, count);
  }

  async function workAll(): Promise<void> {
    if (isWorking) return;
    isWorking = true;
    while (queue.length > 0) {
      if (queue.length < parts.maxItems) await new Promise((resolve) => setTimeout(resolve, lingerMs));
      const batch = nextBatch();
      await settle(batch);
    }
    isWorking = false;
  }

  async function settle(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await parts.work(batch.map(({ item }) => item));
      for (const [index, { resolve, reject }] of batch.entries()) {
        const result = results[index];
        if (result === undefined) reject(new RangeError('a batch was answered with too few results'));
        else resolve(result);
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  return {
    add(item) {
      return new Promise((resolve, reject) => {
        queue.push({ item, bytes: parts.sizeOf(item), resolve, reject });
        void workAll();
      });
    },
  };
}
