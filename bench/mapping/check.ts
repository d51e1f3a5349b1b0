import { isDeepStrictEqual } from 'node:util';
import type { Customer } from '../../schemas/customer.js';
import { engines, handWritten } from './engines.js';

/**
 * Compares what every engine makes of every customer with the hand-written function's result, as it goes over the wire:
 * some engines keep a missing key as `undefined`, which JSON leaves out.
 * @throws Error for the first difference.
 */
export async function checkEngines(customers: readonly Customer[]): Promise<void> {
  const create = engines[handWritten];
  if (create === undefined) throw new Error(`there is no engine "${handWritten}"`);
  const { map: expected } = create();
  for (const [name, createEngine] of Object.entries(engines)) {
    const engine = createEngine();
    for (const customer of customers) {
      const [actual, wanted] = [onWire(await engine.map(customer)), onWire(await expected(customer))];
      if (!isDeepStrictEqual(actual, wanted)) {
        throw new Error(`${name}: ${JSON.stringify(actual)} instead of ${JSON.stringify(wanted)}`);
      }
    }
  }
}

function onWire(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
