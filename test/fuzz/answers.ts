import { builtInProviders } from '../../integrations/registry.js';
import { type Outcome, outcomeSchema } from '../../schemas/outcome.js';
import type { Host, HttpRequest, HttpResponse } from '../../src/core/http/host.js';
import { TransportError } from '../../src/core/http/host.js';
import { createRunner } from '../../src/runner/runner.js';
import { openFlow, type Subject } from '../core/upsert/flow.js';
import { leaksIn } from '../security/canaries.js';
import { bottomlessJson, mutateText, mutateValue, nastyText } from './mutate.js';
import { type Chance, chanceOf } from './random.js';
import { watched } from './watch.js';

export interface FuzzedAnswers {
  readonly answers: number;
  readonly outcomes: Readonly<Record<string, number>>;
}

/** Answers as the provider gives them, by operation. */
type Recorded = ReadonlyMap<string, readonly HttpResponse[]>;

const person = { id: 'acct_1', email: 'canary@mail.example', name: 'Canary Fullname', phone: '+4915112345678' };
const changed = { ...person, name: 'Canary Othername', address: { city: 'Canarytown', country: 'DE' } };

/**
 * Upserts customers until a provider that answers anything, what it really answers bent in every way, has answered so often.
 * @throws Error for a case that throws, takes longer than a second, or puts a customer's value into an error.
 */
export async function fuzzAnswers(subject: Subject, atLeast: number, seed: number): Promise<FuzzedAnswers> {
  const recorded = await record(subject);
  const runner = createRunner({ providers: builtInProviders });
  const outcomes: Record<string, number> = {};
  let answers = 0;
  for (let account = 0; answers < atLeast; account += 1) {
    const chance = chanceOf(seed + account);
    const given: HttpResponse[] = [];
    const host = answeringHost((request) => {
      const answer = bentAnswer(recorded.get(request.operation) ?? [], chance);
      given.push(answer);
      return answer;
    });
    const connection = runner.connect({ to: subject.id, host, rateShare: 'unpaced' });
    for (let customer = 0; customer < customersAtAccount; customer += 1) {
      given.length = 0;
      await watched(`${subject.id}, seed ${seed + account}:`, given, async () => {
        const outcome = onlyOutcome(await runner.upsert(connection, chance.oneIn(2) ? person : changed));
        outcomes[outcome.status] = (outcomes[outcome.status] ?? 0) + 1;
      });
      answers += given.length;
    }
  }
  return { answers, outcomes };
}

/** So that what an answer leaves behind meets the next customer. */
const customersAtAccount = 20;

function onlyOutcome(results: readonly Outcome[]): Outcome {
  const [outcome] = results;
  if (outcome === undefined || results.length !== 1) throw new Error(`${results.length} outcomes`);
  const leaks = leaksIn(JSON.stringify(outcome.error ?? {}));
  if (leaks.length > 0) throw new Error(`the error shows ${leaks[0]}`);
  return outcomeSchema.parse(outcome);
}

/** What the emulator answers to a create, an update and a look at both. */
async function record({ start, provider }: Subject): Promise<Recorded> {
  const emulator = await start();
  try {
    const flow = openFlow(emulator, provider);
    const recorded = new Map<string, HttpResponse[]>();
    const { send } = flow.host;
    flow.host.send = async (request) => {
      const answer = await send(request);
      recorded.set(request.operation, [...(recorded.get(request.operation) ?? []), answer]);
      return answer;
    };
    for (const customer of [person, person, changed, { ...person, id: 'acct_2', currency: 'XXX' }])
      await flow.upsert(customer);
    return recorded;
  } finally {
    await emulator.close();
  }
}

/** A host whose waits take no time. */
function answeringHost(answer: (request: HttpRequest) => HttpResponse): Host {
  let now = 0;
  return {
    kind: 'local',
    providerHeaders: 'full',
    async send(request) {
      const given = answer(request);
      if (given.status === 0) throw new TransportError('maybe', 'ECONNRESET');
      return given;
    },
    now: () => now,
    async sleep(ms) {
      now += Math.max(1, ms);
    },
    random: () => 0.5,
    log: () => {},
  };
}

const statuses = [200, 200, 200, 200, 201, 204, 302, 400, 401, 403, 404, 409, 418, 422, 423, 429, 500, 503, 0] as const;
const strangeHeaders = [
  'retry-after',
  'x-ratelimit-reset',
  'ratelimit-reset',
  'x-recharge-limit',
  'x-recharge-version',
  'date',
] as const;

function bentAnswer(real: readonly HttpResponse[], chance: Chance): HttpResponse {
  const [first = { status: 200, headers: {}, body: '{}' }, ...more] = real;
  const answer = chance.pick([first, ...more]);
  if (chance.oneIn(3)) return answer;
  if (chance.oneIn(1_000)) return { ...answer, body: bottomlessJson(chance) };
  const body = chance.oneIn(4) ? mutateText(String(answer.body), chance) : bentJson(String(answer.body), chance);
  const headers = { ...answer.headers };
  if (chance.oneIn(4))
    headers[chance.pick(strangeHeaders)] = chance.pick(['-1', '0', '1e9', 'NaN', '99999999999', nastyText(chance)]);
  return { status: chance.oneIn(2) ? answer.status : chance.pick(statuses), headers, body };
}

function bentJson(body: string, chance: Chance): string {
  return JSON.stringify(mutateValue(JSON.parse(body === '' ? '{}' : body), chance)) ?? '';
}
