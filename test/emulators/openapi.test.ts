import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readSpec } from '../../src/spec/check-spec.js';
import { SUBJECTS } from '../core/upsert/flow.js';
import { differencesFrom, exchangesWith } from './openapi-answers.js';
import { mismatches } from './openapi-schema.js';

// The emulators seen from outside: what they answer is held against the providers' own published descriptions. Where the
// two differ, the server's code or a recording decides, and openapi-differences.json names it. Recorded answers are
// replayed in autumn-recordings.test.ts and nango-recordings.test.ts; of the other providers there are none.

/** A folder with the descriptions, `<provider>*.openapi.yaml` or `.json`; they are not ours to ship. */
const folder = process.env['CUSTOMER_SYNC_SPECS'];
const files = folder === undefined ? [] : readdirSync(folder).filter((file) => file.includes('openapi'));

const known = z
  .record(z.string(), z.array(z.strictObject({ fact: z.string().min(20), differences: z.array(z.string()).min(1) })))
  .parse(JSON.parse(readFileSync(new URL('./openapi-differences.json', import.meta.url), 'utf8')));

/** Recharge publishes none. */
const described = SUBJECTS.filter(({ id }) => id !== 'recharge');

describe.each(described)('the answers of the $id emulator', (subject) => {
  const file = files.find((name) => name.startsWith(subject.id));

  it.skipIf(file === undefined)(
    'are those of the published description, but for what is proven otherwise (CUSTOMER_SYNC_SPECS names the folder)',
    async () => {
      const exchanges = await exchangesWith(subject);
      const found = differencesFrom(await readSpec(`${folder}/${file}`), exchanges);
      const proven = (known[subject.id] ?? []).flatMap(({ differences }) => differences);
      expect(found).toEqual(proven.toSorted());
    },
  );

  it('that are compared are of every operation that the connector has, and of refusals', async () => {
    const exchanges = await exchangesWith(subject);
    const operations = Object.values(subject.provider.definition.operations);
    const answered = exchanges.filter(({ status }) => status < 300).map(({ method, path }) => `${method} ${path}`);
    expect(answered).toEqual(expect.arrayContaining(operations.map(({ method, path }) => `${method} ${path}`)));
    expect(exchanges.map(({ status }) => status)).toEqual(expect.arrayContaining([401]));
  });
});

describe('the comparison', () => {
  const document = {
    components: {
      schemas: {
        Named: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
        Customer: {
          allOf: [
            { $ref: '#/components/schemas/Named' },
            {
              type: 'object',
              properties: {
                age: { type: 'integer' },
                kind: { type: 'string', enum: ['a', 'b'], nullable: true },
                at: { type: 'string', format: 'date-time' },
                tags: { type: 'array', items: { anyOf: [{ type: 'string' }, { type: 'number' }] } },
                metadata: { type: 'object', additionalProperties: { type: 'string' } },
              },
            },
          ],
        },
      },
    },
  };
  const schema = { $ref: '#/components/schemas/Customer' };
  const whole = { name: 'x', age: 1, kind: null, at: '2026-11-21T00:00:00Z', tags: ['a', 1.5], metadata: { a: 'b' } };

  it('finds nothing where there is nothing', () => {
    expect(mismatches(document, schema, whole)).toEqual([]);
  });

  it.each([
    [{ ...whole, name: undefined }, ['name: is undefined, not string']],
    [{ age: 1 }, ['name: is missing']],
    [{ ...whole, age: 1.5 }, ['age: is number, not integer']],
    [{ ...whole, age: null }, ['age: is null, not integer']],
    [{ ...whole, kind: 'c' }, ['kind: is none of the values described']],
    [{ ...whole, at: 'today' }, ['at: is no date-time']],
    [{ ...whole, tags: [true, false] }, ['tags[]: is boolean, not string']],
    [{ ...whole, metadata: { a: 1 } }, ['metadata.*: is integer, not string']],
    [{ ...whole, more: 1 }, ['more: is not described']],
    [[], [': is array, not object']],
  ])('finds what is wrong with %j', (value, expected) => {
    expect(mismatches(document, schema, value)).toEqual(expected);
  });

  it('finds statuses and operations that are not described', () => {
    const paths = { '/v1/customers/{id}': { get: { responses: { '200': { content: {} } } } } };
    const get = { method: 'GET', path: '/customers/{external_id}', body: {} };
    expect(differencesFrom({ paths }, [{ ...get, status: 200 }])).toEqual([]);
    expect(differencesFrom({ paths }, [{ ...get, status: 404 }])).toEqual([
      'GET /customers/{external_id} 404: is not described',
    ]);
    expect(differencesFrom({ paths }, [{ ...get, method: 'PUT', status: 200 }])).toEqual([
      'PUT /customers/{external_id}: is not described',
    ]);
  });
});
