import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Emulator } from '../../../emulators/server.js';
import type { Subject } from '../../core/upsert/flow.js';
import { type Chance, chanceOf } from '../../fuzz/random.js';
import { searchFolder, watchEmulator } from '../../security/watch.js';
import { expectAgreement } from './agreement.js';
import type { Orders } from './child.js';
import { anyRequest, type Chain, type Death, planDeaths } from './deaths.js';
import { evolve, type Fields, firstRows } from './population.js';

/**
 * One population, whose job is begun and killed again and again, while latency and faults are on and the source goes on
 * changing. Then it may come to its end, and source, ledger and provider must say the same, nobody twice.
 * @returns how each process died, in order
 */
export async function survive(subject: Subject, emulator: Emulator<object>, chain: Chain): Promise<readonly Death[]> {
  const { kills, customers } = chain;
  const chance = chanceOf(chain.seed + chain.number);
  const folder = mkdtempSync(join(tmpdir(), 'customer-sync-crash-'));
  const [source, ledger] = [join(folder, 'customers.jsonl'), join(folder, 'ledger.db')];
  const died: Death[] = [];
  const unwatch = watchEmulator(emulator);
  emulator.reset();
  let rows: readonly Fields[] = firstRows(Math.floor(customers / 2));
  let generation = 0;
  const begin = async (death: Death) => {
    writeFileSync(source, rows.map((row) => JSON.stringify(row)).join('\n'));
    const wasKilled = await runAndKill({ emulator, source, ledger, death, chance });
    if (wasKilled) died.push(death);
    generation += 1;
    const upTo = Math.floor((customers * (1 + Math.min(1, generation / kills))) / 2);
    rows = evolve(rows, upTo, generation, chance);
    return wasKilled;
  };
  try {
    for (const death of planDeaths(chance, chain)) {
      // A run that happens not to come to the step is to be killed elsewhere.
      for (let tries = 0; !(await begin(tries === 0 ? death : anyRequest(chance, customers))); tries += 1)
        if (tries === 5) throw new Error(`the process ended before it was killed: ${JSON.stringify(death)}`);
    }
    // As the last of them left it: with intents that are open, and a journal.
    searchFolder(folder, ['customers.jsonl']);
    await expectAgreement({ subject, emulator, ledger, rows });
    return died;
  } finally {
    unwatch();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Run {
  readonly emulator: Emulator<object>;
  readonly source: string;
  readonly ledger: string;
  readonly death: Death;
  readonly chance: Chance;
}

/** Answers whether the process was killed before it ended by itself. */
async function runAndKill({ emulator, source, ledger, death, chance }: Run): Promise<boolean> {
  const { id: provider, url, apiKey, faults } = emulator;
  const orders: Orders = { provider, url, apiKey, ledger, source, ...('step' in death && { dieAt: death }) };
  const child = fork('test/jobs/crash/child.ts', [JSON.stringify(orders)], { execArgv: [], stdio: 'inherit' });
  faults.clear();
  if ('request' in death) {
    const kill = () => void child.kill('SIGKILL');
    faults.add({ kind: 'hang', commit: death.side === 'after', onHang: kill }, { after: death.request - 1 });
  }
  disturb(emulator, chance);
  const [code, signal]: unknown[] = await once(child, 'exit');
  emulator.requests.length = 0;
  if (signal !== 'SIGKILL') expect(code).toBe(0);
  return signal === 'SIGKILL';
}

/** Answers come late, some not at all, and some are refusals that pass. */
function disturb({ faults }: Emulator<object>, chance: Chance): void {
  const after = () => ({ after: chance.int(60) });
  faults.add({ kind: 'reset', commit: true }, after());
  faults.add({ kind: 'reset' }, after());
  faults.add({ kind: 'respond', status: 503 }, after());
  faults.add({ kind: 'respond', status: 504, commit: true }, after());
  faults.add({ kind: 'respond', status: 429 }, after());
  faults.add({ kind: 'delay', ms: chance.int(6) }, { times: Number.POSITIVE_INFINITY });
}
