import { describe, expect, it } from 'vitest';
import { lago } from '../../../integrations/lago/connector.js';
import { builtInProviders } from '../../../integrations/registry.js';
import type { Overlay } from '../../../schemas/mapping.js';
import { applyOverlays, parseMapping, parseOverlay } from '../../../src/core/mapping/compile-mapping.js';
import { overlay } from '../../../src/core/mapping/overlay.js';
import { providerMapping } from '../../../src/core/mapping/provider-mapping.js';
import { mappingFile } from './mapping-under-test.js';

const base = parseMapping(
  mappingFile(
    {
      key: { from: 'id', required: true },
      label: { from: 'name', max_length: 9, overflow: 'error', clear: 'null', hint: 'shorten it', note: 'short' },
      kind: { from: 'type', one_of: ['company', 'individual'] },
      extra: { from: 'metadata', keyed: { shape: 'map', write: 'replace', max_items: 5 }, overflow: 'drop' },
    },
    {
      addable: { more: 'another field' },
      not_written: { never: 'renames the customer' },
      unsupported: { url: 'none' },
    },
  ),
  'base',
);

function layer(name: string, content: unknown) {
  return { name, overlay: parseOverlay(content, name) };
}

function changed(...contents: readonly unknown[]) {
  return applyOverlays(
    base,
    contents.map((content, index) => layer(`layer ${index + 1}`, content)),
  );
}

describe('a rule that names another source', () => {
  it('keeps what the provider dictates and loses the rest', () => {
    const { fields } = changed({ fields: { label: { from: ['legal_name', 'name'], reverse: 'name' } } });
    expect(fields['label']).toEqual({
      from: ['legal_name', 'name'],
      reverse: 'name',
      max_length: 9,
      overflow: 'error',
      clear: 'null',
      hint: 'shorten it',
    });
  });

  it('may say another policy, and limits that are stricter', () => {
    const rule = { from: 'legal_name', max_length: 5, overflow: 'truncate', clear: 'unsupported', clear_reason: 'x' };
    expect(changed({ fields: { label: rule } }).fields['label']).toMatchObject(rule);
  });
});

describe('a rule that names no source', () => {
  it('changes only what it says', () => {
    const { fields } = changed({ fields: { label: { overflow: 'truncate' } } });
    expect(fields['label']).toEqual({ ...base.fields['label'], overflow: 'truncate' });
  });
});

describe('layers', () => {
  it('are laid one over the other, the last one wins', () => {
    const { fields } = changed(
      { fields: { label: { from: 'legal_name' }, more: { from: 'phone' } } },
      { fields: { label: { overflow: 'drop' } }, remove: { more: 'not here' } },
    );
    expect(fields['label']).toMatchObject({ from: 'legal_name', overflow: 'drop' });
    expect(fields).not.toHaveProperty('more');
  });

  it('are remembered for each rule that they changed', () => {
    const { origins } = overlay(base, [
      layer('environment', { fields: { label: { overflow: 'drop' }, kind: { overflow: 'drop' } } }),
      layer('connection', { fields: { label: { overflow: 'error' } }, remove: { kind: 'x' } }),
    ]);
    expect([...origins]).toEqual([['label', ['environment', 'connection']]]);
  });

  it('may say which fields have no place any more', () => {
    expect(changed({ remove: { kind: 'x' }, unsupported: { type: 'not wanted' } }).unsupported).toEqual({
      url: 'none',
      type: 'not wanted',
    });
  });

  it('leave the mapping below as it was', () => {
    const before = structuredClone(base);
    changed({ fields: { label: { overflow: 'drop' } }, remove: { kind: 'x' }, unsupported: { type: 'x' } });
    expect(base).toEqual(before);
  });
});

describe('an overlay is refused', () => {
  it.each<[string, Overlay, string]>([
    [
      'a longer text',
      { fields: { label: { max_length: 10 } } },
      'fields.label: max_length is what the provider dictates',
    ],
    [
      'another way to clear',
      { fields: { label: { clear: 'empty' } } },
      'fields.label: clear is what the provider dictates',
    ],
    [
      'more values',
      { fields: { kind: { one_of: ['company', 'x'] } } },
      'fields.kind: one_of is what the provider dictates',
    ],
    ['no value for what is required', { fields: { key: { required: false } } }, 'fields.key: required is what'],
    [
      'merging what is replaced',
      { fields: { extra: { keyed: { shape: 'map', write: 'merge' } } } },
      'fields.extra: keyed is what',
    ],
    [
      'another place to read',
      { fields: { label: { read: 'other' } } },
      'fields.label: read is what the provider dictates',
    ],
    [
      'a field that is not on the list',
      { fields: { mroe: { from: 'phone' } } },
      'fields.mroe: is not a field that an overlay may add (did you mean "more"?)',
    ],
    [
      'a field that is never written',
      { fields: { never: { from: 'phone' } } },
      'fields.never: is never written: renames the customer',
    ],
    [
      'removing and changing at once',
      { fields: { label: { overflow: 'drop' } }, remove: { label: 'x' } },
      'remove.label: is removed and changed at once',
    ],
    ['another provider', { provider: 'other' }, 'provider: is for other, not for test'],
  ])('for %s', (_, content, message) => {
    expect(() => changed(content)).toThrow(`layer 1: ${message}`);
  });

  it('by the name of the layer that is wrong', () => {
    expect(() => changed({}, { fields: { label: { from: 'nmae' } } })).toThrow(
      'layer 2: fields.label: unknown path "nmae"',
    );
    expect(() => changed({ fields: { label: { max_length: 10 } } }, {})).toThrow('layer 1: fields.label');
  });

  it('but not for limits that are stricter', () => {
    const stricter = {
      fields: { kind: { one_of: ['company'], overflow: 'drop' }, key: { max_length: 4, overflow: 'error' } },
    };
    expect(changed(stricter).fields).toMatchObject({ kind: { one_of: ['company'] }, key: { max_length: 4 } });
  });
});

describe.each(builtInProviders.map((provider) => [provider.definition.id, provider] as const))('%s', (_, provider) => {
  const { target } = provider.definition.identity.match;

  it.each<[string, Overlay]>([
    ['removes it', { remove: { [target]: 'x' } }],
    ['takes it from elsewhere', { fields: { [target]: { from: 'phone' } } }],
    ['makes it conditional', { fields: { [target]: { when: { present: 'phone' } } } }],
    ['makes it a constant', { fields: { [target]: { constant: 'x' } } }],
  ])('keeps the field that customers are found by from an overlay that %s', (_, content) => {
    expect(() => providerMapping(provider, [{ name: 'o', overlay: content }])).toThrow(
      expect.objectContaining({ code: 'mapping', message: expect.stringContaining('is what customers are found by') }),
    );
  });
});

describe('the id of a customer', () => {
  it('may be written another way that can be undone', () => {
    const content = { fields: { external_id: { transform: ['escape_id'] } } };
    const mapping = providerMapping(lago, [{ name: 'o', overlay: content }]);
    expect(mapping.toPayload({ id: 'a.b' }, 'create', {})).toEqual({ external_id: 'a:2eb' });
    expect(mapping.observe({ external_id: 'a:2eb' }, 'p').customer).toMatchObject({ id: 'a.b' });
  });
});
