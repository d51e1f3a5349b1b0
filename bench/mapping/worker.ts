import { now } from '../clock.js';
import { serveRounds } from '../rounds.js';
import { makeCustomers } from './customers.js';
import type { Engine } from './engine.js';
import { engines } from './engines.js';

const warmUpMs = 1500;
const roundMs = 250;
const customerCount = 1000;

export type Work = 'map' | 'map + JSON';

/** Results are kept here, so that the compiler cannot leave out the work. */
const kept: { result: unknown; characters: number } = { result: undefined, characters: 0 };

const [engineName = '', population = 'full', work = 'map'] = process.argv.slice(2);
const engine = engines[engineName]?.();
if (engine === undefined) throw new Error(`there is no engine "${engineName}"`);
const customers = makeCustomers(customerCount, population === 'sparse' ? 'sparse' : 'full');
const pass = createPass(engine, work === 'map' ? 'map' : 'map + JSON');

serveRounds(async (isWarmUp) => {
  const duration = isWarmUp ? warmUpMs : roundMs;
  const start = now();
  let mapped = 0;
  let elapsed = 0;
  while (elapsed < duration) {
    await pass();
    mapped += customers.length;
    elapsed = now() - start;
  }
  return (mapped / elapsed) * 1000;
});

/** One time through all customers, without a branch or an `await` that the engine does not need. */
function createPass(engine: Engine, work: Work): () => void | Promise<void> {
  if (engine.kind === 'async') {
    const { map } = engine;
    return async () => {
      for (const customer of customers) keep(await map(customer), work);
    };
  }
  const { map } = engine;
  if (work === 'map') {
    return () => {
      for (const customer of customers) kept.result = map(customer);
    };
  }
  return () => {
    for (const customer of customers) kept.characters += JSON.stringify(map(customer)).length;
  };
}

function keep(result: unknown, work: Work): void {
  if (work === 'map') kept.result = result;
  else kept.characters += JSON.stringify(result).length;
}
