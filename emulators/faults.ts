import type { IncomingMessage } from 'node:http';

/** What goes wrong with a request. `commit: true` means that the provider did the work before it went wrong. */
export type Fault =
  | {
      readonly kind: 'respond';
      readonly commit?: boolean;
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  /** The connection is dropped without an answer. */
  | { readonly kind: 'reset'; readonly commit?: boolean }
  /** No answer ever comes; the connection stays open. */
  | { readonly kind: 'hang'; readonly commit?: boolean; readonly onHang?: () => void }
  /** The work is done and the answer starts, but the connection breaks half-way through the body. */
  | { readonly kind: 'truncate' }
  /** The work is done, and its answer comes with another status or other headers, or packed. */
  | {
      readonly kind: 'alter';
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly gzip?: boolean;
    }
  /** The work is done, and so long a pause divides the answer's body. */
  | { readonly kind: 'drip'; readonly ms: number }
  /** Somebody else does this just before the request is handled. */
  | { readonly kind: 'meanwhile'; act(): Promise<unknown> }
  | { readonly kind: 'delay'; readonly ms: number };

export interface FaultTarget {
  readonly method?: string;
  /** Matched against path and query. */
  readonly path?: RegExp;
  /** How many matching requests go wrong. Default: 1. */
  readonly times?: number;
  /** How many matching requests pass first. Default: 0. */
  readonly after?: number;
}

export interface FaultInjector {
  add(fault: Fault, target?: FaultTarget): void;
  clear(): void;
}

interface PendingFault {
  readonly fault: Fault;
  readonly target: FaultTarget;
  skip: number;
  left: number;
}

/** The faults that are still to happen, and which of them meets a request. */
export function createFaults() {
  const pending: PendingFault[] = [];
  const injector: FaultInjector = {
    add(fault, target = {}) {
      pending.push({ fault, target, skip: target.after ?? 0, left: target.times ?? 1 });
    },
    clear() {
      pending.length = 0;
    },
  };
  return { injector, take: (incoming: IncomingMessage) => takeFault(pending, incoming) };
}

function takeFault(pending: PendingFault[], incoming: IncomingMessage): Fault | undefined {
  for (const [index, entry] of pending.entries()) {
    const { method, path } = entry.target;
    if (method !== undefined && method !== incoming.method) continue;
    if (path !== undefined && !path.test(incoming.url ?? '')) continue;
    if (entry.skip > 0) {
      entry.skip -= 1;
      continue;
    }
    entry.left -= 1;
    if (entry.left <= 0) pending.splice(index, 1);
    return entry.fault;
  }
  return undefined;
}
