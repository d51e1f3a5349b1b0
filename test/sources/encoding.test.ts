import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openSource } from '../../src/sources/open-source.js';
import { createUtf8Decoder } from '../../src/sources/text/utf-8.js';
import { decodeWindows1252 } from '../../src/sources/text/windows-1252.js';
import { blocks, failureOf, readText, rowsOf } from './reading.js';

const header = 'id,name\n';
const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16();
const cp1252 = (text: string) => Buffer.from(text, 'latin1');
const damaged = 'holds bytes that are not UTF-8; if the file is Windows-1252, say so with --encoding windows-1252';

describe('the encoding of a CSV file', () => {
  it.each([
    ['UTF-8', Buffer.from(`${header}a1,Müller €\n`)],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${header}a1,Müller €\n`)],
    ['UTF-16 little-endian with a byte order mark', Buffer.from(`\ufeff${header}a1,Müller €\n`, 'utf16le')],
    ['UTF-16 big-endian with a byte order mark', utf16be(`\ufeff${header}a1,Müller €\n`)],
    ['Windows-1252', cp1252(`${header}a1,M\u00fcller \u0080\n`)],
  ])('is seen to be %s', async (_, bytes) => {
    expect((await readText(bytes)).map(({ value }) => value)).toEqual([{ id: 'a1', name: 'Müller €' }]);
  });

  it('is said when it was taken for Windows-1252', async () => {
    const { notices } = await openSource({ path: '-', stdin: blocks(cp1252(`${header}a1,M\u00fcller\n`)) });
    expect(notices).toEqual(['stdin is not UTF-8 and was read as Windows-1252; --encoding says otherwise']);
  });

  it.each([
    ['UTF-8', Buffer.from(`${header}a1,Müller\n`), undefined],
    ['given', cp1252(`${header}a1,M\u00fcller\n`), 'windows-1252'],
  ])('is not spoken of when it is %s', async (_, bytes, encoding) => {
    expect((await openSource({ path: '-', stdin: blocks(bytes), encoding })).notices).toEqual([]);
  });

  it('is UTF-8 when the sample ends within a character', async () => {
    const rows = 'a,ü€😀\n'.repeat(6000);
    const bytes = Buffer.from(header + rows);
    const cuts = Array.from({ length: 8 }, (_, index) => 65_536 + index);
    for (const cut of cuts) {
      const source = await openSource({
        path: '-',
        stdin: blocks(bytes.subarray(0, cut), bytes.subarray(cut)),
        format: 'csv',
      });
      expect(source.notices).toEqual([]);
      expect((await rowsOf(source)).every(({ original }) => Array.isArray(original) && original[1] === 'ü€😀')).toBe(
        true,
      );
    }
  });

  it('decides by the first 64 kB; bytes that do not fit later are the problem of their row', async () => {
    const filler = Buffer.from('a,plain text that fills the sample\n'.repeat(3000));
    const tail = Buffer.concat([cp1252('b,M\u00fcller\n'), Buffer.from('c,Müller\n')]);
    const rows = await readText(Buffer.concat([Buffer.from(header), filler, tail]), { format: 'csv' });
    expect(rows).toHaveLength(3002);
    expect(rows.at(-2)?.problems).toEqual([{ field: '', message: damaged }]);
    expect(rows.at(-1)?.value).toEqual({ id: 'c', name: 'Müller' });
    expect(rows.filter(({ problems }) => problems !== undefined)).toHaveLength(1);
  });

  it('is not guessed when it is given', async () => {
    const rows = await readText(cp1252(`${header}a1,M\u00fcller\na2,x\n`), { encoding: 'UTF-8' });
    expect(rows.map(({ problems }) => problems?.[0]?.message)).toEqual([damaged, undefined]);
  });

  it('must be one that is known', async () => {
    const { code, message } = await failureOf(readText('id\na1\n', { encoding: 'utf8' }));
    expect([code, message]).toEqual(['config', 'the encoding "utf8" is not known (did you mean "utf-8"?)']);
  });

  it('leaves a replacement character alone that the file really holds', async () => {
    expect((await readText(`${header}a1,x\ufffdy\n`))[0]?.value).toEqual({ id: 'a1', name: 'x\ufffdy' });
  });
});

describe('JSONL that is not UTF-8', () => {
  it('has the problem in the row that holds the bytes', async () => {
    const bytes = Buffer.concat([
      Buffer.from('{"id":"a1"}\n'),
      cp1252('{"id":"M\u00fc"}\n'),
      Buffer.from('{"id":"ü"}\n'),
    ]);
    const rows = await readText(bytes, { format: 'jsonl' });
    expect(rows.map(({ value, problems }) => value ?? problems?.[0]?.message)).toEqual([
      { id: 'a1' },
      damaged,
      { id: 'ü' },
    ]);
  });
});

describe('decoding UTF-8 in blocks', () => {
  const decode = (bytes: Buffer, cuts: readonly number[]) => {
    const decoder = createUtf8Decoder();
    const edges = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
    return (
      edges
        .slice(1)
        .map((edge, index) => decoder.push(bytes.subarray(edges[index], edge)))
        .join('') + decoder.end()
    );
  };

  it('gives the text back, however it is cut', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.array(fc.nat(40), { maxLength: 6 }), (text, cuts) => {
        expect(decode(Buffer.from(text), cuts)).toBe(text);
      }),
    );
  });

  it('gives a character as soon as it is complete', () => {
    const decoder = createUtf8Decoder();
    expect([
      decoder.push(Buffer.from('ü')),
      decoder.push(Buffer.from([0xe2, 0x82])),
      decoder.push(Buffer.from([0xac])),
    ]).toEqual(['ü', '', '€']);
  });

  it('marks every line with bytes that are not UTF-8, and no other', () => {
    const line = fc.oneof(
      fc.string({ unit: fc.constantFrom('a', 'ü', '€', '😀') }).map((text) => Buffer.from(text)),
      fc.constant(Buffer.from([0x61, 0xfc, 0x62])),
    );
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 8 }),
        fc.array(fc.nat(60), { maxLength: 6 }),
        (lines, cuts) => {
          const bytes = Buffer.concat(lines.flatMap((part) => [part, Buffer.from('\n')]));
          const marked = decode(bytes, cuts).split('\n').slice(0, -1);
          expect(marked.map((text) => text.includes('\udc80'))).toEqual(lines.map((part) => part.includes(0xfc)));
        },
      ),
    );
  });
});

describe('Windows-1252', () => {
  it('differs from Latin-1 between 0x80 and 0x9f', () => {
    const bytes = Buffer.from(Array.from({ length: 32 }, (_, index) => 0x80 + index));
    expect(decodeWindows1252(bytes)).toBe('€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ');
  });

  it('is Latin-1 everywhere else', () => {
    const bytes = Buffer.from(
      Array.from({ length: 256 }, (_, index) => index).filter((byte) => byte < 0x80 || byte > 0x9f),
    );
    expect(decodeWindows1252(bytes)).toBe(bytes.toString('latin1'));
  });
});
