import { expect, it } from 'vitest';
import type { LogEntry } from '../../src/core/http/host.js';
import { createRuntimeHost } from '../../src/nango/runtime-host.js';
import { mockNango } from './mock-nango.js';

const about = { level: 'warn', provider: 'lago', operation: 'create' } as const;

it.each<[LogEntry, string]>([
  [
    { ...about, event: 'retry', attempt: 2, reason: '429', waitMs: 500 },
    'retry of create, attempt 2, 429, waiting 500 ms',
  ],
  [{ ...about, event: 'pause', reason: 'no answers', waitMs: 5_000 }, 'pause of create, no answers, waiting 5000 ms'],
  [{ ...about, event: 'resume' }, 'resume of create'],
])('logs $event in a line of its own', async (entry, line) => {
  const nango = mockNango('lago');
  await createRuntimeHost(nango).log(entry);
  expect(nango.log.mock.calls).toEqual([[`lago: ${line}`, { level: 'warn' }]]);
});
