import type { Pointer } from '../core/mapping/places.js';

/** Something wrong in a mapping file, where it stands and what to write instead. */
export interface Finding {
  readonly file: string;
  /** JSON Pointer (RFC 6901) to the place; empty for the whole file. */
  readonly pointer: string;
  /** From 1. Absent when the file could not be read so far. */
  readonly line?: number;
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

/** A finding before it is known which file it belongs to. */
export interface Remark {
  readonly at: Pointer;
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}
