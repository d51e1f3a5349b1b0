import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtInProviders } from '../../../integrations/registry.js';
import {
  applyOverlays,
  compileMapping,
  parseMapping,
  parseOverlay,
} from '../../../src/core/mapping/compile-mapping.js';
import { customerArbitrary } from '../customer/customer-arbitrary.js';
import { mappingFile } from './mapping-under-test.js';

const base = parseMapping(
  mappingFile(
    { a: { from: 'id' }, b: { from: 'name', max_length: 5 }, c: { from: 'email' } },
    { addable: { d: 'a field for tests', 'b.x': 'a part of another' } },
  ),
  'test',
);
const customer = { id: '1', name: 'Acme', email: 'a@b.example', phone: '+491' };

function payloadWith(overlay: unknown): Record<string, unknown> {
  return compileMapping(
    applyOverlays(base, [{ name: 'overlay', overlay: parseOverlay(overlay, 'overlay') }]),
  ).toPayload(customer, 'create', {});
}

describe('an overlay', () => {
  it('replaces a rule as a whole', () => {
    expect(payloadWith({ fields: { b: { from: 'phone', max_length: 4 } } })).toEqual({
      a: '1',
      b: '+491',
      c: 'a@b.example',
    });
  });

  it('adds a rule', () => {
    expect(payloadWith({ fields: { d: { from: 'phone' } } })).toEqual({
      a: '1',
      b: 'Acme',
      c: 'a@b.example',
      d: '+491',
    });
  });

  it('takes a rule away, with the reason', () => {
    expect(payloadWith({ remove: { c: 'kept by hand' } })).toEqual({ a: '1', b: 'Acme' });
  });

  it('that says nothing changes nothing', () => {
    expect(payloadWith({})).toEqual({ a: '1', b: 'Acme', c: 'a@b.example' });
  });

  it('leaves the mapping that it changes as it was', () => {
    const before = structuredClone(base);
    applyOverlays(base, [{ name: 'overlay', overlay: { fields: { b: { from: 'phone' } }, remove: { c: 'x' } } }]);
    expect(base).toEqual(before);
  });

  it.each([
    [
      'a rule that is not there to be removed',
      { remove: { bb: 'x' } },
      'remove.bb: there is no such rule (did you mean "b"?)',
    ],
    ['a rule that every object inherits', { remove: { toString: 'x' } }, 'remove.toString: there is no such rule'],
    ['a removal without a reason', { remove: { c: '' } }, 'remove.c'],
    ['an unknown path', { fields: { d: { from: 'nmae' } } }, 'fields.d: unknown path "nmae" (did you mean "name"?)'],
    ['an unknown key', { field: {} }, 'field: is not a known field'],
    ['an unknown key of a rule', { fields: { d: { from: 'name', maxlength: 1 } } }, 'fields.d.maxlength'],
    ['a part of a field that has a rule', { fields: { 'b.x': { from: 'name' } } }, 'fields.b.x: is a part of b'],
    ['something else than an object', [], 'must be an object'],
  ])('is refused for %s', (_, overlay, message) => {
    expect(() => payloadWith(overlay)).toThrow(message);
    expect(() => payloadWith(overlay)).toThrow(expect.objectContaining({ code: 'mapping' }));
  });

  it('from a file cannot reach a prototype', () => {
    const hostile = '{"fields": {"__proto__": {"from": "name"}, "constructor": {"from": "name"}}}';
    expect(() => payloadWith(JSON.parse(hostile))).toThrow('has the key "__proto__", which is never accepted');
    expect(Object.hasOwn(Object.prototype, 'from')).toBe(false);
  });
});

describe.each(
  builtInProviders.map(({ definition, mapping }) => [definition.id, parseMapping(mapping, definition.id)] as const),
)('an overlay of %s', (_, mapping) => {
  const plain = compileMapping(mapping);
  const targets = Object.keys(mapping.fields);

  it('changes no field that it does not name', () => {
    const overlaid = (target: string) =>
      compileMapping(
        applyOverlays(mapping, [{ name: 'o', overlay: { fields: { [target]: { constant: 'overlaid' } } } }]),
      );
    const removed = (target: string) =>
      compileMapping(applyOverlays(mapping, [{ name: 'o', overlay: { remove: { [target]: 'test' } } }]));
    fc.assert(
      fc.property(
        customerArbitrary,
        fc.constantFrom(...targets),
        fc.constantFrom('create', 'update'),
        (given, target, mode) => {
          for (const other of [overlaid(target), removed(target)]) {
            for (const rule of plain.rules.filter((one) => one.target !== target)) {
              expect(other.rule(rule.target)?.evaluate(given, mode, {})).toEqual(rule.evaluate(given, mode, {}));
            }
          }
        },
      ),
    );
  });
});
