import type { JobRow } from './job.js';

/** Up to where a source is finished. */
export interface Positions {
  begin(row: JobRow): Ticket;
  /** Of the last row of the finished beginning; `undefined` where nothing is finished, or rows have no position. */
  readonly reached: string | undefined;
}

export interface Ticket {
  /** One target is done with the row. @param isSettled false keeps the position from ever passing it. */
  done(isSettled: boolean): void;
}

/** @param targets how many have to be done with a row. */
export function createPositions(targets: number): Positions {
  const open: { readonly position: string; left: number; blocked: boolean }[] = [];
  let reached: string | undefined;
  let isStuck = false;

  function advance(): void {
    for (let first = open[0]; first?.left === 0 && !isStuck; first = open[0]) {
      isStuck = first.blocked;
      if (!isStuck) reached = first.position;
      open.shift();
    }
    if (isStuck) open.length = 0;
  }

  return {
    get reached() {
      return reached;
    },
    begin({ position }) {
      if (isStuck || position === undefined) return { done() {} };
      const row = { position, left: targets, blocked: false };
      open.push(row);
      return {
        done(isSettled) {
          row.left -= 1;
          row.blocked ||= !isSettled;
          advance();
        },
      };
    },
  };
}
