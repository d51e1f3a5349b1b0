/** What a code that the program prints says to whoever meets it. */
export interface Explanation {
  readonly meaning: string;
  /** What leads to it, the commonest first. */
  readonly causes?: readonly string[];
  /** What to do, in the order in which to try it. */
  readonly remedy: readonly string[];
  /** Whether a later run tries again by itself. */
  readonly later?: string;
  /** As it is printed, and what helped. */
  readonly example?: string;
}
