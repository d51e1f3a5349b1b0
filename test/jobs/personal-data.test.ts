import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runJob } from '../../src/jobs/run-job.js';
import { openLedger } from '../../src/ledger/sqlite/open-ledger.js';
import { openFlow, SUBJECTS } from '../core/upsert/flow.js';
import { accountOf, tableOf, temporaryFolder } from './job-under-test.js';

const CANARY = {
  id: 'acct_1',
  email: 'canary-email@example.test',
  name: 'Canary Fullname',
  first_name: 'Canaryfirst',
  last_name: 'Canarylast',
  legal_name: 'Canary Legal GmbH',
  legal_number: 'HRB-CANARY-1',
  tax_id: 'DE-CANARY-2',
  phone: '+4915112345678',
  address: {
    line1: 'Canarystreet 1',
    line2: 'Canaryfloor',
    city: 'Canarytown',
    postal_code: 'CAN-10115',
    country: 'DE',
  },
  url: 'https://canary.example.test',
  metadata: { plan: 'canary-gold' },
};

/** Values that are a person's own; country codes and the like are everybody's. */
function personalValues(value: unknown): string[] {
  if (typeof value === 'string') return value.length > 2 ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(personalValues) : [];
}

it.each(SUBJECTS)(
  'the ledger of a job to $id holds no value of a customer, in whatever state it is',
  async (subject) => {
    const emulator = await subject.start();
    try {
      const flow = openFlow(emulator, subject.provider);
      const folder = temporaryFolder();
      const ledger = openLedger({ path: join(folder, 'ledger.db'), env: {}, mode: 'write' });
      const job = {
        name: 'nightly',
        mode: 'upsert' as const,
        targets: [{ connection: flow.connection, account: accountOf(emulator) }],
      };
      const rows = [
        CANARY,
        { ...CANARY, id: 'acct_2', email: 'canary-second@example.test', phone: 'canary: no number' },
        { ...CANARY, id: 'acct_3', email: 'canary-third@example.test' },
      ];
      // An answer that never comes leaves the intent of a create open.
      emulator.faults.add({ kind: 'reset', commit: true }, { method: 'POST', times: 100, after: 2 });
      const report = await runJob({ ...job, source: tableOf(rows).source }, { ledger, concurrency: 1 });
      const bytes = readdirSync(folder)
        .map((file) => readFileSync(join(folder, file), 'latin1'))
        .join('\n');
      await ledger.close();
      expect(report.targets).toMatchObject([{ rows: 3, outcomes: { invalid: 1 } }]);
      expect(bytes).toContain('acct_1');
      const { id: _, ...values } = CANARY;
      const seconds = ['canary-second@example.test', 'canary: no number', 'canary-third@example.test'];
      expect([...personalValues(values), ...seconds].filter((value) => bytes.includes(value))).toEqual([]);
      expect(bytes.toLowerCase()).not.toContain('canary');
    } finally {
      await emulator.close();
    }
  },
);
