import process from 'node:process';
import { pathToFileURL } from 'node:url';

// A process that holds a ledger until it is killed.
const { openLedger }: typeof import('../../src/ledger/sqlite/open-ledger.js') = await import(
  pathToFileURL('dist/src/ledger/sqlite/open-ledger.js').href
);
openLedger({ path: process.argv[2] ?? '', env: {}, mode: 'write', command: 'run that dies' });
process.send?.('held');
setInterval(() => {}, 1000);
