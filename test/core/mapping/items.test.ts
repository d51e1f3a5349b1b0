import { describe, expect, it } from 'vitest';
import { encodeItems } from '../../../src/core/mapping/items.js';

const items = { key: 'type', carry: { id: 'own_id', state: 'state' } };

describe('a list whose items have an identity', () => {
  it('gets the fields to carry from the stored item of the same key', () => {
    const stored = [
      { own_id: 'i1', type: 'netsuite', state: 'on' },
      { own_id: 'i2', type: 'anrok' },
    ];
    expect(encodeItems(items, [{ type: 'anrok' }, { type: 'netsuite' }, { type: 'xero' }], stored)).toEqual([
      { id: 'i2', type: 'anrok' },
      { id: 'i1', type: 'netsuite', state: 'on' },
      { type: 'xero' },
    ]);
  });

  it('says itself what it says, whatever is stored', () => {
    expect(encodeItems(items, [{ type: 'a', state: 'off' }], [{ own_id: 'i', type: 'a', state: 'on' }])).toEqual([
      { id: 'i', type: 'a', state: 'off' },
    ]);
  });

  it('takes no id from an item of another kind', () => {
    expect(encodeItems(items, [{ state: 'off' }], [{ own_id: 'i' }])).toEqual([{ state: 'off' }]);
  });

  it.each([[undefined], [null], ['x'], [{}], [[null, 'x', 7]]])('is sent as it is where %j is stored', (stored) => {
    expect(encodeItems(items, [{ type: 'a' }], stored)).toEqual([{ type: 'a' }]);
  });

  it.each([['x'], [7], [null], [{ type: 'a' }]])('lets %j through for the provider to judge', (value) => {
    expect(encodeItems(items, value, [{ own_id: 'i', type: 'a' }])).toEqual(value);
  });

  it('stays empty', () => {
    expect(encodeItems(items, [], [{ own_id: 'i', type: 'a' }])).toEqual([]);
  });

  it('leaves what it was given as it was', () => {
    const value = Object.freeze([Object.freeze({ type: 'a' })]);
    const stored = Object.freeze([Object.freeze({ own_id: 'i', type: 'a' })]);
    expect(() => encodeItems(items, value, stored)).not.toThrow();
  });
});
