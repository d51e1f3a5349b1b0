import { now } from '../clock.js';
import { serveRounds } from '../rounds.js';
import { taskOf } from './tasks.js';

const warmUpMs = 1000;
const roundMs = 200;

/** The result is kept here, so that the compiler cannot leave out the work. */
const kept: { result: unknown } = { result: undefined };

const [name = '', provider = ''] = process.argv.slice(2);
const { operations, run } = taskOf(name, provider);

serveRounds((isWarmUp) => {
  const duration = isWarmUp ? warmUpMs : roundMs;
  const start = now();
  let done = 0;
  let elapsed = 0;
  while (elapsed < duration) {
    kept.result = run();
    done += operations;
    elapsed = now() - start;
  }
  return (done / elapsed) * 1000;
});
