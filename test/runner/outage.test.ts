import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type HttpRequest, type LogEntry, TransportError } from '../../src/core/http/host.js';
import { createOutageGuard } from '../../src/core/run/outage.js';
import { virtualClock } from './virtual-clock.js';

const GET: HttpRequest = { operation: 'find', method: 'GET', path: '/', headers: {} };
const second = 1_000;
const minute = 60 * second;

type Answer = number | Error;
const silence = new TransportError('maybe', 'timeout');

/** A provider whose answers follow from the time. */
function open(answerAt: (time: number, request: number) => Answer) {
  const clock = virtualClock();
  const logged: LogEntry[] = [];
  const sent: number[] = [];
  const { through, stopWaiting } = createOutageGuard({ ...clock, log: (entry) => void logged.push(entry) }, 'shelf');
  const send = () =>
    through(GET, async () => {
      sent.push(clock.now());
      const answer = answerAt(clock.now(), sent.length);
      if (answer instanceof Error) throw answer;
      return { status: answer, headers: {}, body: '' };
    }).then(
      ({ status }) => status,
      () => 'failed' as const,
    );
  return { clock, logged, sent, send, stopWaiting };
}

/** Answers once, and then is away until this time. */
const awayUntil = (end: number, away: Answer = 503) =>
  open((time, request) => (request === 1 || time >= end ? 200 : away));

async function sendAll(count: number, { clock, send }: ReturnType<typeof open>) {
  const results: unknown[] = [];
  const work = Array.from({ length: count }, () => send().then((result) => results.push(result)));
  await clock.run();
  await Promise.all(work);
  return results;
}

describe('a provider that goes away', () => {
  it.each<[string, Answer]>([
    ['503', 503],
    ['500', 500],
    ['408', 408],
    ['nothing', silence],
  ])('is waited for after ten requests in a row with %s', async (_, away) => {
    const provider = awayUntil(12 * second, away);
    await provider.send();
    await sendAll(10, provider);
    expect(provider.logged).toMatchObject([{ event: 'pause', level: 'warn', provider: 'shelf', waitMs: 5 * second }]);
    const results = await sendAll(5, provider);
    // One to see at 5 s, one at 15 s, and then the other four at once.
    expect(provider.sent.slice(11)).toEqual([5, 15, 15, 15, 15].map((time) => time * second));
    expect(results.filter((result) => result === 200)).toHaveLength(4);
    expect(provider.logged.map(({ event }) => event)).toEqual(['pause', 'pause', 'resume']);
  });

  it('is asked by one request at a time, after pauses that grow to a minute', async () => {
    const provider = awayUntil(4 * minute);
    await provider.send();
    await sendAll(10, provider);
    await sendAll(30, provider);
    const probes = provider.sent.slice(11, 18).map((time) => time / second);
    expect(probes).toEqual([5, 15, 35, 75, 135, 195, 255]);
    expect(new Set(provider.sent.slice(18))).toEqual(new Set([255 * second]));
  });

  it('for good is given up after a quarter of an hour, and then fails request by request', async () => {
    const provider = awayUntil(Number.POSITIVE_INFINITY);
    await provider.send();
    await sendAll(10, provider);
    const results = await sendAll(100, provider);
    expect(results).toHaveLength(100);
    const last = provider.sent.at(-1) ?? 0;
    expect(last).toBeGreaterThan(13 * minute);
    expect(last).toBeLessThanOrEqual(15 * minute);
    await sendAll(30, provider);
    expect(provider.sent.at(-1)).toBe(last);
  });
});

describe('a provider is not waited for', () => {
  it('that has not answered once: its address may be wrong', async () => {
    const provider = open(() => silence);
    await sendAll(50, provider);
    expect(new Set(provider.sent)).toEqual(new Set([0]));
    expect(provider.logged).toEqual([]);
  });

  it.each<[string, Answer]>([
    ['an answer', 200],
    ['a refusal', 422],
    ['a rate limit', 429],
  ])('where %s comes between', async (_, between) => {
    const provider = open((_time, request) => (request === 1 || request % 10 === 0 ? between : 503));
    for (let sent = 0; sent < 40; sent += 1) await provider.send();
    expect(provider.logged).toEqual([]);
  });

  it('for what Nango refuses on the way', async () => {
    const provider = open((_time, request) => (request === 1 ? 200 : new TransportError('no', 'limit', 1_000)));
    for (let sent = 0; sent < 40; sent += 1) await provider.send();
    expect(provider.logged).toEqual([]);
  });
});

it('a request refused on the way leaves its place as the probe to the next', async () => {
  const refused = new TransportError('no', 'limit', 1_000);
  const provider = open((_time, request) => {
    if (request === 12) return refused;
    return request === 1 || request > 12 ? 200 : 503;
  });
  await provider.send();
  await sendAll(10, provider);
  expect(await sendAll(4, provider)).toEqual(['failed', 200, 200, 200]);
  expect(provider.sent.slice(11)).toEqual(Array(4).fill(5 * second));
});

it('goes on at once, and fails, where the run is to end', async () => {
  const provider = awayUntil(Number.POSITIVE_INFINITY);
  await provider.send();
  await sendAll(10, provider);
  const waiting = sendAll(5, provider);
  void provider.clock.sleep(2_500).then(provider.stopWaiting);
  expect(await waiting).toEqual([503, 503, 503, 503, 503]);
  expect(provider.clock.now()).toBeLessThanOrEqual(5 * second);
  expect(provider.logged).toHaveLength(1);
});

it('whatever the answers, every request ends', async () => {
  const anyAnswers = fc.array(fc.constantFrom<Answer>(200, 422, 500, 503, silence), { minLength: 1, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(anyAnswers, fc.integer({ min: 1, max: 60 }), async (answers, count) => {
      const provider = open((_time, request) => answers[request % answers.length] ?? 200);
      expect(await sendAll(count, provider)).toHaveLength(count);
      expect(provider.sent).toHaveLength(count);
    }),
  );
});
