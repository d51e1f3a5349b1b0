import { describe, expect, it } from 'vitest';
import { lago } from '../../../integrations/lago/connector.js';
import { stripe } from '../../../integrations/stripe/connector.js';
import { createKey, keyAfter } from '../../../src/core/upsert/create-key.js';

const target = { provider: stripe };

describe('the key of a create', () => {
  it('is the same for the same id, in whatever run', () => {
    expect(createKey(target, 'acct_1')).toBe('customer-sync-acct_1');
  });

  it.each(['a/b c', 'ä:1', '"x"', 'a\u2028b'])('can stand in a header, and is another for another id: %j', (id) => {
    expect(createKey(target, id)).toMatch(/^[\x21-\x7e]+$/);
    expect(createKey(target, id)).not.toBe(createKey(target, `${id}2`));
  });

  it('is made of a digest for an id that is too long', () => {
    const id = 'x'.repeat(187);
    expect(createKey(target, id.slice(1))).toBe(`customer-sync-${id.slice(1)}`);
    // printf 'x%.0s' $(seq 187) | sha256sum
    expect(createKey(target, id)).toBe(
      'customer-sync-sha256-af846fe13a9d9f1083d8ca4cbf86f66c6b2633e242d96cd5ce6150738673ad28',
    );
    expect(createKey(target, `${id}2`)).not.toBe(createKey(target, id));
  });

  it('is empty for a provider that takes none', () => {
    expect(createKey({ provider: lago }, 'acct_1')).toBe('');
    expect(keyAfter('', 'p1')).toBe('');
  });
});

describe('the key after a record that is gone', () => {
  it('names that record, and only the last one', () => {
    const second = keyAfter(createKey(target, 'a:b'), 'cus_1');
    expect(second).toBe('customer-sync-a%3Ab:after:cus_1');
    expect(keyAfter(second, 'cus_2')).toBe('customer-sync-a%3Ab:after:cus_2');
  });

  it('fits into the 255 characters of a key', () => {
    expect(keyAfter(createKey(target, 'x'.repeat(186)), `cus_${'x'.repeat(24)}`).length).toBeLessThan(256);
  });
});
