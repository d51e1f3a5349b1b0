import { builtInProviders } from '../../integrations/registry.js';
import type { SourceRow } from '../../src/runner/row.js';
import { createRunner } from '../../src/runner/runner.js';
import { type openShelf, shelf } from './shelf.js';

export const runner = createRunner({ providers: [...builtInProviders, shelf] });
export const connect = ({ host }: ReturnType<typeof openShelf>, name = 'shelf') =>
  runner.connect({ to: 'shelf', name, host, rateShare: 'unpaced' });
export const rowsOf = (...customers: unknown[]): SourceRow[] => customers.map((value) => ({ value }));
export const many = (count: number) =>
  rowsOf(...Array.from({ length: count }, (_, n) => ({ id: `c${n}`, name: `n${n}` })));
