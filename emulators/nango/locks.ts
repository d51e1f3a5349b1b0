export interface Lock {
  /** Who asks: one execution of a script. */
  readonly owner: string;
  readonly key: string;
}

/** The locks of one environment, shared by all of its scripts. */
export interface Locks {
  /** False while another owner holds the key; the same owner may take it again. */
  tryAcquire(lock: Lock & { readonly ttlMs: number }): boolean;
  release(lock: Lock): boolean;
  releaseAll(owner: string): void;
  clear(): void;
}

export function createLocks(now: () => number): Locks {
  const held = new Map<string, { readonly owner: string; readonly expiresAt: number }>();
  return {
    tryAcquire({ owner, key, ttlMs }) {
      if (key === '' || key.length > 255) throw new Error('Invalid lock key (must be between 1 and 255 characters)');
      if (ttlMs <= 0) throw new Error('Invalid lock TTL (must be greater than 0)');
      const holder = held.get(key);
      if (holder !== undefined && holder.owner !== owner && holder.expiresAt > now()) return false;
      held.set(key, { owner, expiresAt: now() + ttlMs });
      return true;
    },
    release({ owner, key }) {
      return held.get(key)?.owner === owner && held.delete(key);
    },
    releaseAll(owner) {
      for (const [key, holder] of held) if (holder.owner === owner) held.delete(key);
    },
    clear() {
      held.clear();
    },
  };
}
