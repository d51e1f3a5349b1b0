import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type NangoEmulator, startNangoEmulator } from '../../emulators/nango.js';
import type { SourceSettingsOf } from '../../schemas/configuration.js';
import { compileSourceMapping } from '../../src/sources/mapping/compile-source-mapping.js';
import { openRecords } from '../../src/sources/nango/open-records.js';
import { rechargeConnection, rechargeIntegration } from '../fixtures/nango/recharge-integration.js';

let emulator: NangoEmulator;

beforeAll(async () => {
  emulator = await startNangoEmulator({
    integrations: { recharge: rechargeIntegration('http://127.0.0.1:1') },
    connections: [rechargeConnection('sk_fake')],
    rateLimits: false,
  });
});
beforeEach(() => emulator.reset());
afterAll(() => emulator.close());

function open(settings: Partial<SourceSettingsOf<'nango'>> = {}, mapping?: object, secretKey = emulator.secretKey) {
  return openRecords({
    name: 'crm',
    settings: { type: 'nango', integration: 'recharge', connection_id: 'conn-1', model: 'Contact', ...settings },
    access: { secretKey, nangoUrl: emulator.url },
    sourceMapping: mapping === undefined ? undefined : compileSourceMapping({ fields: mapping }, 'columns.json'),
    normalise: undefined,
    version: 'v',
  });
}

/** What a sync did: saved these records, one after another. */
function save(...records: { id: string; [field: string]: unknown }[]) {
  const collection = { connection: connectionNumber(), model: 'Contact' };
  for (const record of records) emulator.state.records.save(collection, [record], 1);
}

function remove(id: string) {
  emulator.state.records.delete({ connection: connectionNumber(), model: 'Contact' }, [{ id }], 2);
}

function connectionNumber(): number {
  return emulator.state.connections.get('recharge', 'conn-1')?.id ?? 0;
}

async function rowsOf(source: ReturnType<typeof open>, after?: string) {
  const rows = [];
  for await (const row of source.rows({ after })) rows.push(row);
  return rows;
}

describe('customers from Nango records', () => {
  it('are the records without what Nango adds', async () => {
    save({ id: 'a', name: 'Ann' }, { id: 'b', name: 'Bo' });
    const source = open();
    expect(source.complete).toBe(true);
    expect(await rowsOf(source)).toEqual([
      { value: { id: 'a', name: 'Ann' }, at: 'crm record 1', original: { id: 'a', name: 'Ann' } },
      { value: { id: 'b', name: 'Bo' }, at: 'crm record 2', original: { id: 'b', name: 'Bo' } },
    ]);
  });

  it('are tombstones where the record was deleted', async () => {
    save({ id: 'a', name: 'Ann' });
    remove('a');
    expect((await rowsOf(open())).map(({ value }) => value)).toEqual([{ id: 'a', deleted: true }]);
  });

  it('come in pages', async () => {
    save(...Array.from({ length: 1500 }, (_, index) => ({ id: `c-${index}` })));
    emulator.requests.length = 0;
    expect(await rowsOf(open())).toHaveLength(1500);
    expect(emulator.requests.map(({ method }) => method)).toEqual(['GET', 'GET']);
  });

  it('go through a source mapping', async () => {
    save({ id: 'a', properties: { email: 'a@b.example', firstname: '' } });
    const mapping = {
      id: { from: 'id' },
      email: { from: 'properties.email' },
      first_name: { from: 'properties.firstname' },
    };
    expect((await rowsOf(open({}, mapping)))[0]?.value).toEqual({ id: 'a', email: 'a@b.example' });
  });

  it('are read on from the last one, when that is wanted', async () => {
    save({ id: 'a', n: 1 }, { id: 'b', n: 1 });
    const source = open({ incremental: true });
    expect(source.complete).toBe(false);
    const last = (await rowsOf(source)).at(-1)?.position;
    save({ id: 'a', n: 2 });
    expect((await rowsOf(source, last)).map(({ original }) => original)).toEqual([{ id: 'a', n: 2 }]);
  });

  it('are fetched by id', async () => {
    save(...Array.from({ length: 250 }, (_, index) => ({ id: `c-${index}` })));
    const ids = Array.from({ length: 120 }, (_, index) => `c-${index * 2}`);
    const found = [];
    for await (const { value } of open().byIds?.(ids) ?? []) found.push(Object(value).id);
    expect(found.sort()).toEqual(ids.sort());
  });
});

describe('Nango that cannot be read is an error:', () => {
  it('a position that Nango does not take', async () => {
    save({ id: 'a' });
    await expect(rowsOf(open({ incremental: true }), 'of another time')).rejects.toMatchObject({
      code: 'unavailable',
      message: 'crm: Nango answered 500 to the position where the last run ended',
      details: { remedy: expect.stringContaining('read everything once, with --full') },
    });
  });

  it.each([
    ['a connection that is not there', { connection_id: 'other' }, /no connection|connection "other"/],
    ['an integration that is not there', { integration: 'other' }, /connection|integration/],
  ])('%s', async (_, settings, expected) => {
    await expect(rowsOf(open(settings))).rejects.toThrow(expected);
  });

  it('a key that is refused, which is not printed', async () => {
    const other = '11111111-1111-4111-8111-111111111111';
    const message = await rowsOf(open({}, undefined, other)).catch((error: Error) => error.message);
    expect(message).toMatch(/key/);
    expect(message).not.toContain(other);
  });
});
