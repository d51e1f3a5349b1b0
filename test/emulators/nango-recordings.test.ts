import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { sendRaw } from '../fixtures/nango/raw-http.js';
import { type Step, scenarios } from '../fixtures/nango/recording.js';
import { newBindings, openStage, play, type Stage } from '../fixtures/nango/replay.js';

/** Steps that are not played, and why. */
const omitted: Readonly<Record<string, string>> = {
  'A16.1': 'a wait of 130 s; without it nothing is left to see',
  'C02.22': 'the script lists the keys of an error of axios 1.18, which shows `cause`; the installed axios hides it',
  'D05.4': 'Nango’s catalogue of providers is not emulated',
  'D05.5': 'the recorded body is cut after 200 characters of 8,636',
  'D05.7': 'connect sessions, for the connection dialogue, are not emulated',
};

let stage: Stage;
const played: string[] = [];

beforeAll(async () => {
  stage = await openStage();
});

afterAll(() => stage.close());

// One server for all, as recorded: later scenarios meet the connections and metadata that earlier ones left.
describe.each(scenarios)('recording $id: $title', ({ id, steps }) => {
  it('is answered as recorded', async () => {
    stage.clock.now += 61_000;
    const bindings = newBindings(stage);
    const differences: string[] = [];
    for (const step of steps) {
      const name = `${id}.${step.n}`;
      if (name in omitted) continue;
      await prepare(name, step);
      played.push(name);
      differences.push(...(await play(step, stage, bindings)).map((text) => `${name} ${step.title}: ${text}`));
    }
    expect(differences).toEqual([]);
  });
});

it('plays 300 of 305 steps', () => {
  const names = scenarios.flatMap(({ id, steps }) => steps.map(({ n }) => `${id}.${n}`));
  expect(names).toHaveLength(305);
  expect(names.filter((name) => !(name in omitted))).toHaveLength(300);
  expect(played).toEqual(names.filter((name) => !(name in omitted)));
});

/** What happened to the recorded server before a step, other than the steps before it. */
async function prepare(name: string, { title, response }: Step): Promise<void> {
  const { nango, clock } = stage;
  const stillRuns = /at once|while running|right after/.test(title);
  if (!stillRuns) await nango.idle();
  if (String(response.body).includes('is in progress')) nango.raceNextFailures(1);
  // The server library reports an answer that it could not finish.
  if (name === 'A10.6') vi.spyOn(console, 'error').mockImplementationOnce(() => {});
  if (name === 'E01.3') await useUpLimit();
  if (name === 'E01.10') clock.now += 61_000;
}

async function useUpLimit(): Promise<void> {
  const headers = { authorization: `Bearer ${stage.nango.secretKey}` };
  let remaining = '';
  while (remaining !== '0') {
    const answer = await sendRaw(stage.nango.url, { method: 'GET', path: '/integrations', headers, body: '' });
    remaining = String(answer.headers['x-ratelimit-remaining']);
  }
}
