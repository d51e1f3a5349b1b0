import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runJob } from '../../src/jobs/run-job.js';
import { openLedger } from '../../src/ledger/sqlite/open-ledger.js';
import { openFlow, SUBJECTS } from '../core/upsert/flow.js';
import { canary, filesIn, leaksIn, personalValues } from '../security/canaries.js';
import { accountOf, tableOf, temporaryFolder } from './job-under-test.js';

const CANARY = { ...canary, id: 'acct_1' };

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
      const bytes = filesIn(folder)
        .map(({ text }) => text)
        .join('\n');
      await ledger.close();
      expect(report.targets).toMatchObject([{ rows: 3, outcomes: { invalid: 1 } }]);
      expect(bytes).toContain('acct_1');
      expect(personalValues(canary).filter((value) => bytes.includes(value))).toEqual([]);
      // Whatever else the rows hold has the word in it.
      expect(leaksIn(bytes)).toEqual([]);
    } finally {
      await emulator.close();
    }
  },
);
