/** What the program ends with. */
export const exitCode = {
  done: 0,
  /** Some customers are not in the wanted state. */
  someFailed: 1,
  /** Wrong usage or configuration: nothing was done. */
  usage: 2,
  /** `dry-run --exit-code` found changes. */
  changes: 3,
  interrupted: 130,
  terminated: 143,
} as const;
