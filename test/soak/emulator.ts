import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import type { Fault } from '../../emulators/faults.js';
import type { Emulator, EmulatorOptions } from '../../emulators/server.js';

const [provider = '', seed = ''] = process.argv.slice(2);
const { startEmulator }: { startEmulator(options: EmulatorOptions): Promise<Emulator<object>> } = await import(
  pathToFileURL(`dist/emulators/${provider}.js`).href
);
const emulator = await startEmulator({ rateLimits: false });
const sum = { requests: 0, faults: 0 };
let state = Number(seed);

/** In every hundred requests one of each goes wrong; every second time the provider has done the work nevertheless. */
const blockSize = 100;
/** Requests at the beginning that meet no fault, so that the first look at the account is not the one that fails. */
const quiet = 20;

function disturbNext(block: number): void {
  const commit = block % 2 === 1;
  const faults: readonly Fault[] = [
    { kind: 'respond', status: 429, headers: { 'retry-after': '1' } },
    { kind: 'respond', status: 503, commit },
    { kind: 'reset', commit },
    { kind: 'delay', ms: 500 },
  ];
  const skipped = block === 0 ? quiet : 0;
  for (const fault of faults) emulator.faults.add(fault, { after: skipped + below(blockSize - skipped - 10) });
  // Comes last of the block, as the hundredth request: those above do not pass this one by.
  emulator.faults.add(
    {
      kind: 'meanwhile',
      async act() {
        sum.requests += blockSize;
        sum.faults += faults.length;
        // A log of millions of requests would be all the memory there is.
        emulator.requests.length = 0;
        disturbNext(block + 1);
      },
    },
    { after: blockSize - faults.length - 1 },
  );
}

/** A linear congruential generator: the same numbers in every run. */
function below(limit: number): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * limit);
}

async function writeCustomers(path: string): Promise<void> {
  const file = createWriteStream(path);
  for (const record of emulator.customers()) {
    if (!file.write(`${JSON.stringify(record)}\n`)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
}

disturbNext(0);
process.on('disconnect', () => process.exit());
process.on('message', async (path: string) => {
  await writeCustomers(path);
  process.send?.({ ...sum, peakMb: process.resourceUsage().maxRSS / 1024 });
});
process.send?.({ url: emulator.url, apiKey: emulator.apiKey });
