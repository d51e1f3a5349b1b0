import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeMessage } from '../../../src/core/http/safe-message.js';

describe('what was sent', () => {
  it.each([
    ['a value', 'customer nope not found', ['nope'], 'customer […] not found'],
    ['a value deep in the body', 'no city Gotham', [{ a: [{ city: 'Gotham' }] }], 'no city […]'],
    ['a value that stands twice', 'Ada is not Ada', ['Ada'], '[…] is not […]'],
    ['the longer of two values first', 'Anna Smith', ['Anna', 'Anna Smith'], '[…]'],
    ['a number', 'pin 4711 is bad', [{ pin: 4711 }], 'pin […] is bad'],
    ['a value with characters that mean something in a pattern', 'no $& (x)', ['$& (x)'], 'no […]'],
    ['a value repeated as JSON text', 'no "O\\"Brien" here', ['O"Brien'], 'no "[…]" here'],
    ['a part of a name', 'Bloggs is bad', ['Joe Bloggs'], '[…] is bad'],
    ['a part of an address', 'no 12b in Main', ['12b Main street'], 'no […] in […]'],
    ['no word that the provider may mean', 'this street is bad', ['12b Main street'], 'this street is bad'],
    ['a line break repeated as JSON text', 'no a\\nb here', ['a\nb'], 'no […] here'],
  ])('is taken out: %s', (_, message, sent, expected) => {
    expect(safeMessage(message, sent)).toBe(expected);
  });

  it('leaves a message alone that repeats nothing', () => {
    const message = 'Shorter than minimum length 1.';
    expect(safeMessage(message, ['Niels', { last_name: '' }])).toBe(message);
  });

  it('does not fall into a cycle', () => {
    const cyclic: Record<string, unknown> = { name: 'Niels' };
    cyclic['self'] = cyclic;
    expect(safeMessage('no Niels', [cyclic])).toBe('no […]');
  });
});

describe('what looks personal', () => {
  it.each([
    ['an e-mail address', 'joe@example.com is taken', '[…] is taken'],
    ['an e-mail address in angle brackets', 'mail <joe@example.com> bounced', 'mail <[…]> bounced'],
    ['an e-mail address of a Unicode local part', 'jürgen@bücher.example is bad', '[…] is bad'],
    ['a phone number', 'number +1 (415) 555-0100 is bad', 'number […] is bad'],
    ['a phone number in digits', 'number +14155550100 is bad', 'number […] is bad'],
    ['a long number', 'card 4111111111111111 declined', 'card […] declined'],
  ])('is taken out: %s', (_, message, expected) => {
    expect(safeMessage(message, [])).toBe(expected);
  });

  it.each(['must be at most 255 characters', 'limit 10,000 per 60 s', 'version 2021-11 is not known'])(
    'leaves short numbers: %s',
    (message) => {
      expect(safeMessage(message, [])).toBe(message);
    },
  );
});

it('cuts a long message', () => {
  expect(safeMessage('no '.repeat(200), [])).toHaveLength(201);
});

it('cuts no character in half', () => {
  expect(safeMessage(`${'x'.repeat(199)}😀 and more`, []).isWellFormed()).toBe(true);
});

const value = fc.string({ unit: 'grapheme', minLength: 3, maxLength: 12 }).filter((text) => !/[[\]…]/.test(text));

describe('for every message', () => {
  it('no value that was sent survives', () => {
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 5 }),
        fc.array(fc.string(), { maxLength: 6 }),
        (sent, words) => {
          const message = sent.map((text, index) => `${words[index] ?? ' '}${text}`).join(' ');
          const safe = safeMessage(message, [{ values: sent }]);
          for (const text of sent) expect(safe).not.toContain(text);
        },
      ),
    );
  });

  it('no e-mail address survives, sent or not', () => {
    fc.assert(
      fc.property(fc.emailAddress(), fc.lorem(), (email, words) => {
        expect(safeMessage(`${words}: ${email} ${words}`, [])).not.toContain(email);
      }),
    );
  });

  it('no number of eight digits or more survives', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 10_000_000n, max: 10n ** 30n }), (number) => {
        expect(safeMessage(`no. ${number} is bad`, [])).toBe('no. […] is bad');
      }),
    );
  });
});
