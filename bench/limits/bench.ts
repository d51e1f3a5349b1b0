import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { builtInProviders } from '../../integrations/registry.js';
import { endChild, nextMessage, startChild } from '../child.js';
import { formatCount, formatTable } from '../table.js';

/** The default, and the whole of the rate that a provider was seen to take. */
const rateShares = [0.5, 1];

const resultSchema = z.object({
  configured: z.number(),
  used: z.number(),
  requests: z.int(),
  refused: z.int(),
  perCustomer: z.number(),
  perCustomerWithMetadata: z.number().optional(),
});

/** Prints how much of its rate a run uses at each provider's stand-in, limits on, and how many requests a change takes. */
export async function benchLimits(print: (text: string) => void): Promise<void> {
  // Of this process, since the workers are ended wherever they are when one of them fails.
  const folder = mkdtempSync(join(tmpdir(), 'customer-sync-bench-'));
  const runs = builtInProviders.flatMap(({ definition: { id, name } }) =>
    rateShares.map((share) => {
      const ledger = join(folder, `${id}-${share}.db`);
      const worker = startChild(new URL('./worker.js', import.meta.url), [id, String(share), ledger]);
      return { name, share, worker, filled: nextMessage(worker, name) };
    }),
  );
  try {
    await Promise.all(runs.map(({ filled }) => filled));
    // They do nothing but wait nearly all of the time, so all of them at once do not disturb each other.
    const rows = runs.map(async ({ name, share, worker }) => {
      worker.send('measure');
      return rowOf(name, share, resultSchema.parse(await nextMessage(worker, name)));
    });
    print(`\n${formatTable(header, await Promise.all(rows))}`);
  } finally {
    await Promise.all(runs.map(({ worker }) => endChild(worker)));
    rmSync(folder, { recursive: true, force: true });
  }
}

const header = [
  'Provider',
  'share',
  'configured /s',
  'used /s',
  'used',
  'requests',
  '429',
  'per change',
  'of metadata',
];

function rowOf(
  name: string,
  share: number,
  { configured, used, requests, refused, perCustomer, perCustomerWithMetadata }: z.infer<typeof resultSchema>,
): string[] {
  return [
    name,
    String(share),
    configured.toFixed(1),
    used.toFixed(2),
    `${((used / configured) * 100).toFixed(1)} %`,
    formatCount(requests),
    formatCount(refused),
    perCustomer.toFixed(2),
    perCustomerWithMetadata?.toFixed(2) ?? '–',
  ];
}
