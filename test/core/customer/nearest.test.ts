import { describe, expect, it } from 'vitest';
import { nearest } from '../../../src/core/nearest.js';

const candidates = ['id', 'email', 'name', 'address.city', 'external_ids'];

describe('a suggestion', () => {
  it.each([
    ['email', 'email'],
    ['EMAIL', 'email'],
    ['emial', 'email'],
    ['emailxx', 'email'],
    ['ema', 'email'],
    ['ab_email', undefined],
    ['e', undefined],
    ['di', undefined],
    ['ids', 'id'],
    ['city', 'address.city'],
    ['City', undefined],
    ['adress.citty', 'address.city'],
    ['external_id', 'external_ids'],
    ['externalids', 'external_ids'],
    ['extrnl_idz', 'external_ids'],
    ['', undefined],
  ])('for %s is %s', (written, suggested) => {
    expect(nearest(written, candidates)).toBe(suggested === undefined ? '' : ` (did you mean "${suggested}"?)`);
  });

  it('is not looked for at length', () => {
    const long = 'x'.repeat(1_000_000);
    expect(nearest(long, [...candidates, `${long}x`])).toBe('');
  });

  it('is the nearest of several', () => {
    expect(nearest('lin2', ['line1', 'line2', 'lines'])).toBe(' (did you mean "line2"?)');
  });

  it('is not made where there is nothing to choose from', () => {
    expect(nearest('email', [])).toBe('');
  });
});
