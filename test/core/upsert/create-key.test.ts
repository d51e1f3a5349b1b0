import { describe, expect, it } from 'vitest';
import { lago } from '../../../integrations/lago/connector.js';
import { stripe } from '../../../integrations/stripe/connector.js';
import { createKey, keyAfter } from '../../../src/core/upsert/create-key.js';
import { scriptedHost } from '../http/scripted-host.js';

const target = { provider: stripe, host: scriptedHost([]) };

describe('the key of a create', () => {
  it('is the same for the same id, in whatever run', () => {
    expect(createKey(target, 'acct_1')).toBe('customer-sync-acct_1');
  });

  it.each(['a/b c', 'ä:1', '"x"', 'a\u2028b'])('can stand in a header, and is another for another id: %j', (id) => {
    expect(createKey(target, id)).toMatch(/^[\x21-\x7e]+$/);
    expect(createKey(target, id)).not.toBe(createKey(target, `${id}2`));
  });

  it('is a short one for an id that is too long', () => {
    expect(createKey(target, 'x'.repeat(500))).toMatch(/^[0-9a-f]{32}$/);
  });

  it('is empty for a provider that takes none', () => {
    expect(createKey({ ...target, provider: lago }, 'acct_1')).toBe('');
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
    expect(keyAfter(createKey(target, 'x'.repeat(180)), `cus_${'x'.repeat(24)}`).length).toBeLessThan(256);
  });
});
