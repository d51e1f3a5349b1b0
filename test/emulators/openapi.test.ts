import { readdirSync, writeFileSync } from 'node:fs';
import { it } from 'vitest';
import { readSpec } from '../../src/spec/check-spec.js';
import { SUBJECTS } from '../core/upsert/flow.js';
import { differencesFrom, exchangesWith } from './openapi-answers.js';

const folder = process.env['CUSTOMER_SYNC_SPECS'] ?? '';
it('x', async () => {
  let out = '';
  for (const subject of SUBJECTS) {
    const file = readdirSync(folder).find((f) => f.startsWith(subject.id));
    if (file === undefined) continue;
    const exchanges = await exchangesWith(subject);
    out += `${subject.id} ${exchanges.length} ${JSON.stringify(differencesFrom(await readSpec(`${folder}/${file}`), exchanges), null, 1)}\n`;
  }
  writeFileSync('/tmp/p/openapi.out', out);
});
