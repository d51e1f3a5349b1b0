import type { ChildProcess } from 'node:child_process';
import { nextMessage, startChild } from './child.js';

/** A contender in a process of its own, that measures for a while whenever it is told to. */
interface Contender {
  readonly name: string;
  readonly process: ChildProcess;
}

export interface RoundsOptions {
  /** The module that each contender's process runs; it calls `serveRounds`. */
  readonly module: URL;
  /** Name -> the process's arguments. */
  readonly contenders: Readonly<Record<string, readonly string[]>>;
  readonly rounds: number;
}

/** Operations per second of one contender, one number a round. */
export type Rates = Readonly<Record<string, readonly number[]>>;

/**
 * Measures contenders in turn, round by round, so that whatever else the machine does meets all of them alike. Each has
 * its own process, so that no contender's code changes how the JIT compiler treats another's.
 */
export async function measureInRounds({ module, contenders, rounds }: RoundsOptions): Promise<Rates> {
  const started: Contender[] = Object.entries(contenders).map(([name, argv]) => ({
    name,
    process: startChild(module, argv),
  }));
  try {
    const rates: Record<string, number[]> = {};
    // The first answer of each is its warm-up and does not count.
    for (let round = 0; round <= rounds; round += 1) {
      for (const contender of started) {
        const rate = await askForRate(contender);
        if (round > 0) rates[contender.name] = [...(rates[contender.name] ?? []), rate];
      }
    }
    return rates;
  } finally {
    for (const { process } of started) process.kill();
  }
}

async function askForRate({ name, process }: Contender): Promise<number> {
  const answer = nextMessage(process, name);
  process.send('measure');
  const rate = await answer;
  if (typeof rate !== 'number') throw new Error(`"${name}" answered with something else than a number`);
  return rate;
}

/** The other side: answers each request with a rate. The first call is the warm-up. */
export function serveRounds(measure: (isWarmUp: boolean) => Promise<number> | number): void {
  let isWarmUp = true;
  process.on('message', async () => {
    const rate = await measure(isWarmUp);
    isWarmUp = false;
    process.send?.(rate);
  });
}
