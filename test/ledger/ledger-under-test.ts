import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Account, AccountFacts, Lane, Ledger, Settlement } from '../../src/ledger/ledger.js';
import { type LedgerOptions, openLedger } from '../../src/ledger/sqlite/open-ledger.js';

export const ACME: AccountFacts = { provider: 'acme', origin: 'https://api.acme.test', credential: 'key-of-acme' };

/** A path in a folder that goes with the test. */
export function ledgerPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'customer-sync-ledger-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'ledger.db');
}

export function openAt(path: string, options: Partial<LedgerOptions> = {}): Ledger {
  const ledger = openLedger({ path, env: {}, mode: 'write', command: 'run nightly', ...options });
  onTestFinished(() => ledger.close());
  return ledger;
}

export async function openLane(ledger: Ledger, facts = ACME): Promise<{ account: Account; lane: Lane }> {
  const account = await ledger.bind('crm', facts);
  return { account, lane: await ledger.lane('nightly', 'crm', account) };
}

/** Customers that are settled, each with a record of its own. */
export async function settled(ledger: Ledger, lane: Lane, ids: readonly string[]): Promise<void> {
  const entries = await ledger.enter(lane, ids);
  const settlements = entries.map(
    ({ number, customerId }): Settlement => ({
      number,
      customerId,
      state: 'settled',
      status: 'created',
      providerId: `record of ${customerId}`,
      rowDigest: 'digest',
      version: 'version',
      fields: { hashes: { name: 'hash' }, notKept: new Set() },
      changed: ['name'],
    }),
  );
  await ledger.settle(lane, 1, settlements);
}
