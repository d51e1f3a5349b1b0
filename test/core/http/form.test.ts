import { describe, expect, it } from 'vitest';
import { encodeForm } from '../../../src/core/http/form.js';

describe('form fields', () => {
  it.each<[string, unknown, string]>([
    ['text', { name: 'Acme' }, 'name=Acme'],
    ['a number and a boolean', { n: 0, yes: true, no: false }, 'n=0&yes=true&no=false'],
    ['null as an empty value', { name: null }, 'name='],
    ['nothing for undefined', { name: undefined, n: 1 }, 'n=1'],
    ['empty text', { name: '' }, 'name='],
    ['an object in brackets', { metadata: { plan: 'gold' } }, 'metadata%5Bplan%5D=gold'],
    ['objects in objects', { a: { b: { c: 1 } } }, 'a%5Bb%5D%5Bc%5D=1'],
    ['a list by position', { tags: ['x', 'y'] }, 'tags%5B0%5D=x&tags%5B1%5D=y'],
    ['a list of objects', { items: [{ id: 1 }] }, 'items%5B0%5D%5Bid%5D=1'],
    ['a cleared member of an object', { metadata: { plan: null } }, 'metadata%5Bplan%5D='],
    ['nothing for an empty object', { metadata: {} }, ''],
    ['characters that mean something', { 'a&b': 'c=d&e #+%' }, 'a%26b=c%3Dd%26e+%23%2B%25'],
    ['Unicode', { name: 'Jürgen 😀' }, 'name=J%C3%BCrgen+%F0%9F%98%80'],
    ['line breaks', { name: 'a\r\nb' }, 'name=a%0D%0Ab'],
    ['brackets in a key', { 'a[b]': 1 }, 'a%5Bb%5D=1'],
  ])('hold %s', (_, value, expected) => {
    expect(encodeForm(value)).toBe(expected);
  });

  it('can be read back', () => {
    const fields = { email: 'joe+tag@example.test', name: 'A & B = C', note: 'ü\n%41' };
    expect(Object.fromEntries(new URLSearchParams(encodeForm(fields)))).toEqual(fields);
  });
});
