import { expect, it } from 'vitest';
import type { Plan } from '../../schemas/outcome.js';
import { createGroups } from '../../src/cli/report/groups.js';

const planOf = (id: string, action: Plan['action'], change: 'set' | 'clear'): Plan => ({
  customer_id: id,
  to: 'lago',
  action,
  compared: true,
  changes: [{ field: 'url', target: 'url', change }],
  warnings: change === 'clear' ? [{ code: 'unreadable_value', message: 'is not a URL' }] : [],
});

it('keeps the first of each outcome and counts the others, however many there are', () => {
  const groups = createGroups({ limit: () => 2, isShown: () => true });
  for (let number = 0; number < 10_000; number += 1) {
    const plan = planOf(`c${number}`, number % 2 === 0 ? 'update' : 'create', number % 100 === 0 ? 'clear' : 'set');
    groups.add({ row: {}, results: [{ kind: 'plan', plan }] });
  }
  const found = groups.groups(['lago']);
  expect(found.map(({ verb, entries }) => [verb, entries.map(({ view }) => view.customerId)])).toEqual([
    ['create', ['c1', 'c3']],
    ['update', ['c0', 'c2']],
  ]);
  expect(found.map(({ left }) => left)).toEqual([
    { count: 4_998, clearing: 0, withNotes: 0 },
    { count: 4_998, clearing: 99, withNotes: 99 },
  ]);
});
