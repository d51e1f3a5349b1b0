import type { Chance } from '../../fuzz/random.js';

/** What a run over a complete source writes into its ledger, in this order. */
export const ledgerSteps = [
  'bind',
  'lane',
  'settleIntent',
  'beginRun',
  'enter',
  'intend',
  'doubt',
  'settle',
  'noteFirstWrite',
  'dropFailures',
  'endRun',
] as const;
export type LedgerStep = (typeof ledgerSteps)[number];

/** One population whose job is killed so many times. */
export interface Chain {
  readonly seed: number;
  /** Which one of several. */
  readonly number: number;
  readonly kills: number;
  /** In the end; there are fewer when it begins. */
  readonly customers: number;
}

/** A process is killed before or after a step of its ledger, the `nth` of this kind. */
export interface StepDeath {
  readonly step: LedgerStep;
  readonly side: 'before' | 'after';
  readonly nth: number;
}

/** Or when so many requests have come to the provider, before or after it has done the work of the last one. */
export interface RequestDeath {
  readonly request: number;
  readonly side: 'before' | 'after';
}

export type Death = StepDeath | RequestDeath;

/** How often a step is done in a run over 2,000 customers, at the least. */
const repeated: Partial<Record<LedgerStep, number>> = { enter: 3, intend: 20, doubt: 20, settle: 3 };

/** Done once in the life of a ledger, by the first run that comes to its end: that the account was written to. */
const once: LedgerStep = 'noteFirstWrite';
/** When a run has come to these, there is little left for the next ones to do. */
const late: readonly LedgerStep[] = ['dropFailures', 'endRun'];

/**
 * The deaths of one chain: at every step, on one side in this chain and on the other one in the next, and at random
 * requests for the rest.
 */
export function planDeaths(chance: Chance, { number, kills, customers }: Omit<Chain, 'seed'>): Death[] {
  const at = (step: LedgerStep): Death => ({
    step,
    side: (number + ledgerSteps.indexOf(step)) % 2 === 0 ? 'before' : 'after',
    nth: customers < 2_000 ? 1 : 1 + chance.int(repeated[step] ?? 1),
  });
  const first = number < 2 ? [at(once)] : [];
  const early = ledgerSteps.filter((step) => step !== once && !late.includes(step));
  const last = late.map(at);
  const steps = shuffled(chance, early)
    .slice(0, Math.floor(kills * 0.4))
    .map(at);
  const requests = Array.from({ length: kills - first.length - steps.length - last.length }, () =>
    anyRequest(chance, customers),
  );
  return [...first, ...shuffled(chance, [...steps, ...requests]), ...last];
}

/** Late enough for creates, and so early that the next ones find work. */
export function anyRequest(chance: Chance, customers: number): RequestDeath {
  return { request: 1 + chance.int(20 + Math.ceil(customers / 12)), side: chance.oneIn(2) ? 'before' : 'after' };
}

function shuffled<T>(chance: Chance, items: readonly T[]): T[] {
  const left = [...items];
  return items.flatMap(() => left.splice(chance.int(left.length), 1));
}

export function textOf(death: Death): string {
  return 'step' in death ? `${death.side} ${death.step} ${death.nth}` : `${death.side} request ${death.request}`;
}

/** To run other kills: `CUSTOMER_SYNC_CRASH_SEED=<seed> npx vitest run test/jobs/crash.test.ts`. */
export function crashSeed(): number {
  const given = Number(process.env['CUSTOMER_SYNC_CRASH_SEED']);
  return given > 0 ? given : 20_261_121;
}
