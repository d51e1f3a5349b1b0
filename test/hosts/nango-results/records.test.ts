import { describe, expect, it } from 'vitest';
import { openRecords } from '../../../src/sources/nango/open-records.js';
import { nango } from './behind-nango.js';

const model = 'Contact';

function collection() {
  return { connection: nango.state.connections.get('recharge', 'acme')?.id ?? 0, model };
}

function open(incremental = false) {
  return openRecords({
    name: 'crm',
    settings: { type: 'nango', integration: 'recharge', connection_id: 'acme', model, incremental },
    access: { secretKey: nango.secretKey, nangoUrl: nango.url },
    sourceMapping: undefined,
    normalise: undefined,
    version: 'v',
  });
}

async function rowsAfter(after: string | undefined) {
  const rows = [];
  for await (const row of open(true).rows({ after })) rows.push(row);
  return rows;
}

describe('records of a sync', () => {
  it('30: of one save are all read, and none of them again', async () => {
    const ids = Array.from({ length: 1_200 }, (_, index) => `c-${index}`);
    nango.state.records.save(
      collection(),
      ids.map((id) => ({ id })),
      1,
    );
    const rows = await rowsAfter(undefined);
    expect(rows.map(({ value }) => Object(value).id).sort()).toEqual(ids.sort());
    expect(await rowsAfter(rows.at(-1)?.position)).toEqual([]);
  });

  it('30: that were saved unchanged are not read again', async () => {
    nango.state.records.save(collection(), [{ id: 'a', name: 'Ann' }], 1);
    const [first] = await rowsAfter(undefined);
    nango.state.records.save(collection(), [{ id: 'a', name: 'Ann' }], 2);
    expect(await rowsAfter(first?.position)).toEqual([]);
  });

  it('30: that were deleted are customers that are gone, whatever the deletion left in their fields', async () => {
    nango.state.records.save(collection(), [{ id: 'a', name: 'Ann' }], 1);
    nango.state.records.delete(collection(), [{ id: 'a', name: '' }], 2);
    expect((await rowsAfter(undefined)).map(({ value }) => value)).toEqual([{ id: 'a', deleted: true }]);
  });

  it('30: are an error where the position is none of Nango, and not an empty source', async () => {
    await expect(rowsAfter('bm9uZQ==')).rejects.toMatchObject({ code: 'unavailable' });
  });
});
