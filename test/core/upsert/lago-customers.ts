import type { LagoEmulator } from '../../../emulators/lago.js';
import type { Flow } from './flow.js';

/** Stores customers as another program would. */
export async function store({ call, emulator }: Flow<LagoEmulator>, ...customers: object[]): Promise<void> {
  for (const customer of customers) await call('POST', '/customers', { customer });
  emulator.requests.length = 0;
}

/** Key, value and whether it is shown on invoices, of each entry. */
export function metadataOf(emulator: LagoEmulator, id: string) {
  return emulator
    .customers()
    .find(({ external_id }) => external_id === id)
    ?.metadata.map(({ key, value, display_in_invoice }) => [key, value, display_in_invoice]);
}
