/** Files of a copied integration, by their paths in its folder. */
export type CopiedFiles = ReadonlyMap<string, string>;

/** The functions that each integration has. */
export const copiedFunctions = [
  'actions/upsert-customers.ts',
  'actions/upsert-customers-batch.ts',
  'actions/plan-customers.ts',
  'syncs/customers.ts',
] as const;

/** Where built copies are, below the package's folder. */
export const builtCopies = 'dist/nango-copies';
