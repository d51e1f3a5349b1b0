import { describe, expect, it } from 'vitest';
import { cellsOf, read } from './parse-csv.js';

describe('well-formed records', () => {
  it.each([
    [
      'plain cells',
      'a,b\n1,2\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'no line end at the end',
      'a,b\n1,2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'Windows line ends',
      'a,b\r\n1,2\r\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'old Macintosh line ends',
      'a,b\r1,2\r',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'mixed line ends',
      'a,b\r\n1,2\n3,4\r5,6',
      [
        ['a', 'b'],
        ['1', '2'],
        ['3', '4'],
        ['5', '6'],
      ],
    ],
    [
      'a delimiter in quotes',
      'a,b\n"1,5",2\n',
      [
        ['a', 'b'],
        ['1,5', '2'],
      ],
    ],
    [
      'a line end in quotes',
      'a,b\n"1\r\n5",2\n',
      [
        ['a', 'b'],
        ['1\r\n5', '2'],
      ],
    ],
    [
      'a doubled quote',
      'a,b\n"say ""hi""",2\n',
      [
        ['a', 'b'],
        ['say "hi"', '2'],
      ],
    ],
    [
      'quoted empty text',
      'a,b\n"",2\n',
      [
        ['a', 'b'],
        ['', '2'],
      ],
    ],
    [
      'an empty cell at the end',
      'a,b\n1,\n',
      [
        ['a', 'b'],
        ['1', ''],
      ],
    ],
    [
      'spaces around a quoted cell',
      'a,b\n1, "x, y" \n',
      [
        ['a', 'b'],
        ['1', 'x, y'],
      ],
    ],
    [
      'spaces around a plain cell, which belong to it',
      'a,b\n1, x \n',
      [
        ['a', 'b'],
        ['1', ' x '],
      ],
    ],
    [
      'blank lines between',
      '\na,b\n\n1,2\n   \n3,4\n',
      [
        ['a', 'b'],
        ['1', '2'],
        ['3', '4'],
      ],
    ],
    [
      'rows without any value below',
      'a,b\n1,2\n,\n , \n,,,\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
  ])('reads %s', (_, text, expected) => {
    expect(cellsOf(read(text))).toEqual(expected);
  });

  it('counts the lines in quoted cells and blank lines', () => {
    expect(read('a,b\n"1\n2\r\n3",x\n\n4,y\r5,z').map(({ line }) => line)).toEqual([1, 2, 6, 7]);
  });
});
