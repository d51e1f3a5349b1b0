import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtInProviders } from '../../integrations/registry.js';
import { compileMapping, parseMapping } from '../../src/core/mapping/compile-mapping.js';
import { compileGetter, isObject, parsePath } from '../../src/core/mapping/path.js';
import type { MappingReport, WriteMode } from '../../src/core/mapping/report.js';
import { explainRule } from '../../src/explain/explain-rule.js';
import { customerArbitrary } from '../core/customer/customer-arbitrary.js';
import { mappingFile } from '../core/mapping/mapping-under-test.js';

function explain(rule: unknown, customer: unknown, mode: WriteMode = 'create') {
  return explainRule(parseMapping(mappingFile({ x: rule }), 'test'), 'x', customer, mode);
}

describe('an explanation', () => {
  it('names the source, the raw value, what each transform made of it, and what is sent', () => {
    const rule = { from: 'name', transform: ['trim', 'lower', { prefix: 'c-' }] };
    expect(explain(rule, { name: ' ACME ' })).toEqual({
      target: 'x',
      field: 'name',
      source: {
        kind: 'path',
        reads: [{ path: 'name', value: ' ACME ' }],
        steps: [
          { transform: 'trim', value: 'ACME' },
          { transform: 'lower', value: 'acme' },
          { transform: { prefix: 'c-' }, value: 'c-acme' },
        ],
        value: 'c-acme',
      },
      policies: [],
      result: { kind: 'sent', value: 'c-acme' },
    });
  });

  it('stops at the transform that cannot convert', () => {
    const { source, result } = explain({ from: 'name', transform: ['to_number', 'to_string'] }, { name: 'x' });
    expect(source.steps).toEqual([{ transform: 'to_number', failed: true }]);
    expect(result).toEqual({ kind: 'error', message: 'name: cannot be converted by "to_number"' });
  });

  it('shows what the transforms of keys made of them', () => {
    const keyed = { shape: 'map', write: 'merge', transform: ['to_string', { prefix: 'v' }] };
    const { source, result } = explain({ from: 'metadata', keyed }, { metadata: { a: 1, b: 'x' } });
    expect(source.steps).toEqual([
      { transform: 'to_string', value: { a: '1', b: 'x' } },
      { transform: { prefix: 'v' }, value: { a: 'v1', b: 'vx' } },
    ]);
    expect(result).toEqual({ kind: 'sent', value: { a: 'v1', b: 'vx' } });
  });

  it('names the transform that cannot convert a key', () => {
    const keyed = { shape: 'map', write: 'merge', transform: ['to_number'] };
    const { source, result } = explain({ from: 'metadata', keyed }, { metadata: { a: 'x', b: '1' } });
    expect(source.steps).toEqual([{ transform: 'to_number', failed: true }]);
    expect(result.kind).toBe('error');
  });

  it.each([
    ['null', null],
    ['empty', ''],
  ])('says how an update clears a field: %s', (clear, value) => {
    const { policies, result } = explain({ from: 'name', clear }, { name: null }, 'update');
    expect(policies).toEqual([
      { code: 'clear', message: `null asks to clear, and ${JSON.stringify(value)} is what clears this field` },
    ]);
    expect(result).toEqual({ kind: 'sent', value });
  });

  it('shows what was asked of several places, up to the one that has a value', () => {
    const from = ['first_name', { from: 'name', transform: ['first_word'] }, 'legal_name'];
    const { source, result } = explain({ from }, { name: 'Ada Byron', legal_name: 'X' });
    expect(source.tried?.map(({ reads, value }) => [reads[0]?.path, value])).toEqual([
      ['first_name', undefined],
      ['name', 'Ada'],
    ]);
    expect(result).toEqual({ kind: 'sent', value: 'Ada' });
  });

  it.each<[string, unknown, unknown, WriteMode, string]>([
    ['the customer has none', { from: 'name' }, {}, 'create', 'the customer has no name'],
    [
      'none of several places has one',
      { from: ['name', 'email'] },
      {},
      'create',
      'the customer has no name, nor email',
    ],
    [
      'null is given to a create',
      { from: 'name' },
      { name: null },
      'create',
      'null asks to clear, and a create has nothing',
    ],
    [
      'the condition does not hold',
      { from: 'name', when: { present: 'email' } },
      { name: 'A' },
      'create',
      'its condition does not',
    ],
    [
      'the rule is for updates',
      { from: 'name', on: 'update' },
      { name: 'A' },
      'create',
      'the rule counts on update only',
    ],
    [
      'the transforms leave none',
      { from: 'name', transform: ['rest_words'] },
      { name: 'A' },
      'create',
      'the transforms leave no',
    ],
    [
      'it was over a limit',
      { from: 'name', max_length: 1, overflow: 'drop' },
      { name: 'AB' },
      'create',
      'has 2 characters, 1',
    ],
    ['it cannot be cleared', { from: 'name', clear_reason: 'x' }, { name: null }, 'update', 'was not cleared: x'],
    [
      'all keys are deletions',
      { from: 'metadata', keyed: { shape: 'map', write: 'merge' } },
      { metadata: { a: null } },
      'create',
      'nothing that could be sent',
    ],
  ])('says why a field is absent: %s', (_, rule, customer, mode, because) => {
    expect(explain(rule, customer, mode).result).toEqual({
      kind: 'nothing',
      because: expect.stringContaining(because),
    });
  });

  it.each<[string, unknown, unknown, string[], unknown]>([
    ['a stand-in', { from: 'name', fallback: ['id'] }, { id: 'a' }, ['fallback'], 'a'],
    ['a default', { from: 'name', default: 0 }, {}, ['default'], 0],
    ['a cut', { from: 'name', max_length: 1, overflow: 'truncate' }, { name: 'AB' }, ['truncated'], 'A'],
    [
      'a default for what was left out',
      { from: 'name', max_length: 1, overflow: 'drop', default: '-' },
      { name: 'AB' },
      ['dropped', 'default'],
      '-',
    ],
  ])('names the policy that made the value: %s', (_, rule, customer, codes, value) => {
    const { policies, result } = explain(rule, customer);
    expect(policies.map(({ code }) => code)).toEqual(codes);
    expect(result).toEqual({ kind: 'sent', value });
  });

  it('shows what a condition asked', () => {
    const rule = { from: 'name', when: { all: [{ equals: ['type', 'company'] }, { not: { present: 'email' } }] } };
    expect(explain(rule, { type: 'company', email: 'a@b.example' }).source.condition).toEqual({
      holds: false,
      asked: [
        { path: 'type', value: 'company' },
        { path: 'email', value: 'a@b.example' },
      ],
    });
  });
});

describe.each(builtInProviders.map(({ definition, mapping }) => [definition.id, mapping] as const))(
  'for %s',
  (id, file) => {
    const mapping = parseMapping(file, id);
    const compiled = compileMapping(mapping);

    it('an explanation ends in what the engine sends', () => {
      fc.assert(
        fc.property(
          customerArbitrary,
          fc.constantFrom(...Object.keys(mapping.fields)),
          fc.constantFrom<WriteMode>('create', 'update'),
          (customer, target, mode) => {
            const report: MappingReport = {};
            const sent = compileGetter(parsePath(target))(compiled.toPayload(customer, mode, report));
            const { result, source } = explainRule(mapping, target, customer, mode);
            // Of a customer that is refused, the payload holds whatever was done before.
            fc.pre(result.kind !== 'error' || report.issues === undefined);
            // A part that has a rule of its own stands within the whole.
            const parts = mapping.fields[target]?.keyed?.except ?? [];
            expect(result.kind === 'sent' ? result.value : undefined).toEqual(without(sent, parts));
            // Without limits, keys and stand-ins, the last step of the trace is that value.
            const { keyed, fallback, max_length, one_of, characters, clear } = mapping.fields[target] ?? {};
            const isPlain = [keyed, fallback, max_length, one_of, characters].every((option) => option === undefined);
            const isShown = sent !== undefined && sent !== null && !(sent === '' && clear === 'empty');
            if (isPlain && isShown) expect(source.value).toEqual(sent);
          },
        ),
        { numRuns: 300 },
      );
    });
  },
);

function without(value: unknown, parts: readonly string[]): unknown {
  if (parts.length === 0 || !isObject(value)) return value;
  const rest = Object.fromEntries(Object.entries(value).filter(([key]) => !parts.includes(key)));
  return Object.keys(rest).length === 0 ? undefined : rest;
}
