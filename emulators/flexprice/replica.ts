/** A read replica that is behind: what was just created is not there yet. */
export interface Replica {
  created(customerId: string): void;
  /** Whether a read misses this customer; each asking is one read. */
  misses(customerId: string): boolean;
  clear(): void;
}

/** `lag`: how many reads of each new customer still miss it. That the hosted service has a replica at all is inferred. */
export function createReplica(lag: number): Replica {
  const left = new Map<string, number>();
  return {
    created(customerId) {
      if (lag > 0) left.set(customerId, lag);
    },
    misses(customerId) {
      const reads = left.get(customerId) ?? 0;
      if (reads > 1) left.set(customerId, reads - 1);
      else left.delete(customerId);
      return reads > 0;
    },
    clear: () => left.clear(),
  };
}
