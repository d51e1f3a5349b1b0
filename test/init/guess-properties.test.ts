import { writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isCustomerSyncError } from '../../src/core/errors.js';
import { guessMapping } from '../../src/init/guess-mapping.js';
import { readTable } from '../../src/init/table.js';
import { lintTexts } from '../../src/lint/lint-texts.js';
import { folderWith } from '../cli/command-line.js';

const names = fc.oneof(
  fc.constantFrom('id', 'Email', 'Straße', 'Hausnummer', 'Company', 'FirstName', 'Type', 'country', 'Country Code'),
  fc.constantFrom('phone', 'mobil', 'billing_zip', 'ShippingCity', 'Card ID', 'Fax', 'address.city', 'metadata.plan'),
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    'a.b',
    "it's",
    '{x}',
    'a[0]',
    '山田',
    'x (metadata)',
    'metadata',
  ),
  fc.string({ minLength: 1, maxLength: 30 }),
);
const cell = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '1',
    '2',
    'a@b.example',
    'Germany',
    'DE',
    '+4930123456',
    'EUR',
    'true',
    '2026-01-01',
    'https://a.example',
  ),
  fc.string({ maxLength: 20 }),
);
const tables = fc
  .uniqueArray(names, { minLength: 1, maxLength: 12, selector: (name) => name.trim() })
  .chain((header) =>
    fc.tuple(
      fc.constant(header),
      fc.array(fc.array(cell, { minLength: header.length, maxLength: header.length }), { minLength: 1, maxLength: 6 }),
    ),
  );

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
/** With a number for every row, so that most tables have an id. */
const csvOf = ([header, rows]: readonly [string[], string[][]]) =>
  [['Customer No', ...header], ...rows.map((row, index) => [String(index), ...row])]
    .map((record) => record.map(quoted).join(','))
    .join('\n');

it('any table gives a mapping that lint finds nothing in and that leaves no column unsaid, or a plain error', async (ending) => {
  const folder = folderWith({}, ending);
  let guessed = 0;
  await fc.assert(
    fc.asyncProperty(tables, async (table) => {
      await writeFile(`${folder}/table.csv`, csvOf(table));
      try {
        const read = await readTable({ path: `${folder}/table.csv` });
        const { mapping, fields, leftOut } = guessMapping(read);
        guessed += 1;
        expect(lintTexts([{ file: 'guessed', text: JSON.stringify(mapping) }], [])).toEqual([]);
        const said = new Set([...fields.flatMap(({ columns }) => columns), ...leftOut.map(({ column }) => column)]);
        expect(read.columns.filter(({ name }) => !said.has(name))).toEqual([]);
      } catch (error) {
        if (!isCustomerSyncError(error)) throw error;
        expect(error.code).toBe('config');
      }
    }),
    { numRuns: 120 },
  );
  expect(guessed).toBeGreaterThan(60);
});
