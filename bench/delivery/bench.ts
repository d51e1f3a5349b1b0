import { z } from 'zod';
import { nextMessage, startChild } from '../child.js';
import { measureInRounds } from '../rounds.js';
import { median } from '../statistics.js';
import { formatCount, formatTable } from '../table.js';
import { bareAxios, contenders } from './contenders.js';

const rounds = 15;

/** Prints customers per second through our runner and through a bare axios loop, against a server that does nothing. */
export async function benchDelivery(print: (text: string) => void): Promise<void> {
  const server = startChild(new URL('./server.js', import.meta.url));
  try {
    const { port } = z.object({ port: z.int() }).parse(await nextMessage(server, 'server'));
    for (const concurrency of [10, 32]) {
      const rates = await measureInRounds({
        module: new URL('./worker.js', import.meta.url),
        contenders: Object.fromEntries(
          Object.keys(contenders).map((name) => [name, [name, `http://127.0.0.1:${port}`, String(concurrency)]]),
        ),
        rounds,
      });
      const rows = Object.entries(rates).map(([name, own]) => [
        name,
        formatCount(median(own)),
        formatCount(Math.max(...own)),
        (median(own) / median(rates[bareAxios] ?? [])).toFixed(2),
      ]);
      print(`\n### ${concurrency} customers in flight\n`);
      print(formatTable(['Client', 'median /s', 'best /s', 'of the bare loop'], rows));
    }
  } finally {
    server.kill();
  }
}
