import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type TransformStep, transformStepSchema, transforms } from '../../schemas/transforms.js';
import { compileInverse, compileTransforms, Unconvertible } from '../../src/core/mapping/source.js';

interface Example {
  readonly name: string;
  readonly step: TransformStep;
  readonly input: unknown;
  readonly output: unknown;
}

/** The examples of the registry, each with its step as a mapping file writes it. */
const examples: readonly Example[] = Object.entries(transforms).flatMap(([name, { examples }]) =>
  examples.map(([input, output, options]) => ({
    name,
    step: options === undefined ? name : { [name]: options },
    input,
    output,
  })),
);
const reversible = Object.entries(transforms).flatMap(([name, transform]) => ('inverse' in transform ? [name] : []));

describe('every transform', () => {
  it.each(Object.entries(transforms))('%s has a description and an example', (_, { doc, examples: own }) => {
    expect(doc).toMatch(/^[A-Z].*\.$/);
    expect(own.length).toBeGreaterThan(0);
  });

  it.each(examples)('$name does what its example says: $input becomes $output', ({ step, input, output }) => {
    const result = compileTransforms([step])(input);
    if (output === undefined) expect(result).toBeInstanceOf(Unconvertible);
    else expect(result).toEqual(output ?? undefined);
  });

  it.each(examples)('$name is written as its schema asks: $step', ({ step }) => {
    expect(transformStepSchema.safeParse(step).success).toBe(true);
  });

  it.each(reversible)('%s comes back to the same output when it is undone and done again', (name) => {
    const rounds = examples
      .filter((example) => example.name === name && example.output !== undefined && example.output !== null)
      .map(({ step, output }) => ({ step, output, back: compileInverse([step])?.(output) }))
      .filter(({ back }) => back !== undefined);
    expect(rounds.length).toBeGreaterThan(0);
    for (const { step, output, back } of rounds) expect(compileTransforms([step])(back)).toEqual(output);
  });

  it('answers whatever it is given', () => {
    const value = fc.anything().filter((given) => given !== undefined && given !== null);
    fc.assert(
      fc.property(value, fc.constantFrom(...examples), (given, { step }) => {
        compileTransforms([step])(given);
        compileInverse([step])?.(given);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('undoing', () => {
  const text = fc.string({ unit: 'binary', minLength: 1 });

  it.each<[TransformStep]>([['escape_id'], [{ prefix: 'crm-' }], [{ suffix: '-eu' }], ['to_string']])(
    '%j gives back every text',
    (step) => {
      fc.assert(
        fc.property(text, (value) => {
          expect(compileInverse([step])?.(compileTransforms([step])(value))).toBe(value);
        }),
      );
    },
  );

  it('a table is not possible where two values became one', () => {
    expect(compileInverse([{ lookup: { table: { a: 'x', b: 'y' } } }])?.('y')).toBe('b');
    expect(compileInverse([{ lookup: { table: { a: 'x', b: 'x' } } }])).toBeUndefined();
  });

  it('several steps takes them from the last to the first', () => {
    const steps: TransformStep[] = [{ prefix: 'a' }, 'escape_id', { suffix: 'z' }];
    expect(compileTransforms(steps)('.')).toBe('a:2ez');
    expect(compileInverse(steps)?.('a:2ez')).toBe('.');
    expect(compileInverse(steps)?.('b:2ez')).toBeUndefined();
  });

  it.each(['to_number', 'to_boolean', 'first_word', 'rest_words'])('%s cannot be done', (step) => {
    expect(compileInverse(['trim', step])).toBeUndefined();
  });
});

describe('to_boolean', () => {
  const convert = compileTransforms(['to_boolean']);

  it.each(['true', 'yes', 'y', '1', 'on', ' TRUE ', 'Yes', 1, true])('reads %j as true', (value) => {
    expect(convert(value)).toBe(true);
  });

  it.each(['false', 'no', 'n', '0', 'off', ' FALSE ', 'No', 0, false])('reads %j as false', (value) => {
    expect(convert(value)).toBe(false);
  });

  it.each(['', 'ja', 'tru', 'toString', 'constructor', 2, -1])('cannot read %j', (value) => {
    expect(convert(value)).toBeInstanceOf(Unconvertible);
  });
});

describe('escape_id', () => {
  const escapeId = compileTransforms(['escape_id']);

  it('writes only what Autumn takes, and two ids never alike', () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(text, text, (one, other) => {
        expect(escapeId(one)).toMatch(/^[A-Za-z0-9_:-]+$/);
        expect(escapeId(one) === escapeId(other)).toBe(one === other);
      }),
    );
  });

  it('cannot write half a surrogate pair', () => {
    expect(escapeId('\ud83d')).toBeInstanceOf(Unconvertible);
  });
});

describe('a step', () => {
  it.each<[unknown]>([
    ['unknown'],
    ['constructor'],
    ['prefix'],
    [{ trim: {} }],
    [{ trim: true }],
    [{ prefix: '' }],
    [{ prefix: 7 }],
    [{ prefix: 'a', suffix: 'b' }],
    [{ prefix: 'x'.repeat(101) }],
    [{ lookup: {} }],
    [{ lookup: { table: { a: null } } }],
    [{ lookup: { table: { a: 'b' }, default: 'c' } }],
    [{ lookup: { table: { a: 'b' }, otherwise: null } }],
    [{ replace: { find: '', with: 'a' } }],
    [{ replace: { find: 'a' } }],
    [{ split: '' }],
    [{ join: 'x'.repeat(11) }],
    [{ locale_match: [] }],
    [{ locale_match: ['d'] }],
    [{}],
    [[]],
    [null],
    [7],
  ])('%j is refused', (step) => {
    expect(transformStepSchema.safeParse(step).success).toBe(false);
  });

  it.each<[TransformStep, unknown]>([
    ['to_number', true],
    ['to_number', ' '],
    ['to_number', 'Infinity'],
    ['to_boolean', ['yes']],
    ['to_string', {}],
    ['trim', 7],
    ['upper', ['a']],
    [{ lookup: { table: { a: 'b' } } }, ['a']],
    [{ lookup: { table: { a: 'b' } } }, 'toString'],
    [{ join: ',' }, 'a'],
    [{ split: ',' }, 7],
    [{ prefix: 'a' }, 7],
  ])('%j cannot convert %j', (step, value) => {
    expect(compileTransforms([step])(value)).toBeInstanceOf(Unconvertible);
  });

  it.each<[TransformStep, unknown, unknown]>([
    ['to_number', ' 1e3 ', 1000],
    ['to_number', 0.5, 0.5],
    ['to_number', '-0.25', -0.25],
    [{ lookup: { table: { true: 'yes', false: 'no' } } }, false, 'no'],
    [{ lookup: { table: { '1': 'one' } } }, 1, 'one'],
    [{ lookup: { table: { a: false }, otherwise: 0 } }, 'a', false],
    [{ lookup: { table: { a: false }, otherwise: 0 } }, 'b', 0],
    [{ replace: { find: '.', with: '-' } }, 'a.b.c', 'a-b-c'],
    [{ replace: { find: '$&', with: '$1' } }, 'a$&b', 'a$1b'],
    [{ locale_match: ['pt', 'pt-BR'] }, 'pt-br', 'pt-BR'],
    [{ locale_match: ['pt', 'pt-BR'] }, 'pt-PT', 'pt'],
  ])('%j converts %j to %j', (step, value, result) => {
    expect(compileTransforms([step])(value)).toBe(result);
  });
});
