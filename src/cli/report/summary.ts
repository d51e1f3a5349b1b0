import type { ErrorCode } from '../../../schemas/error-codes.js';
import { exitCode } from '../exit-code.js';
import { type ReportTarget, type ShownRow, viewOf } from './report.js';
import { type Verb, verbOf, verbs, wordOf } from './words.js';

export interface TargetSummary {
  readonly to: string;
  readonly counts: Readonly<Partial<Record<Verb, number>>>;
  /** Fields that are or would be emptied: worth a look of their own. */
  readonly clears: number;
  readonly warnings: number;
  /** Whether the provider refused the key, and no customer got any other answer. */
  readonly refused: boolean;
  /** Side effects at the provider, with how many times each. */
  readonly effects: readonly { readonly effect: string; readonly times: number }[];
}

export interface Summary {
  /** Rows of the source; every one is counted once at every target. */
  readonly rows: number;
  /** A signal came before the end: who was not looked at by then is counted as `not_attempted`. */
  readonly interrupted?: true;
  readonly targets: readonly TargetSummary[];
}

export interface Tally {
  add(row: ShownRow): void;
  summary(): Summary;
}

/** What the provider says of the key or the configuration, and so of every customer. */
const refusals: ReadonlySet<ErrorCode | undefined> = new Set(['auth', 'forbidden', 'config', 'mapping']);
/** What a customer can come to without an answer of the provider. */
const unanswered: ReadonlySet<Verb> = new Set(['invalid', 'skipped', 'not_attempted']);

export function createTally(targets: readonly ReportTarget[]): Tally {
  let rows = 0;
  const states = targets.map(({ connection }) => ({
    to: connection.name,
    counts: new Map<Verb, number>(),
    clears: 0,
    warnings: 0,
    refusals: 0,
    answers: 0,
  }));
  return {
    add({ results }) {
      rows += 1;
      for (const [index, result] of results.entries()) {
        const state = states[index];
        if (state === undefined) continue;
        const verb = verbOf(result);
        const { changes, warnings, error } = viewOf(result);
        state.counts.set(verb, (state.counts.get(verb) ?? 0) + 1);
        state.clears += changes.filter(({ change }) => change === 'clear').length;
        state.warnings += warnings.length;
        if (refusals.has(error?.code)) state.refusals += 1;
        else if (!unanswered.has(verb)) state.answers += 1;
      }
    },
    summary: () => ({
      rows,
      targets: states.map(({ to, counts, clears, warnings, refusals: refused, answers }, index) => ({
        to,
        counts: Object.fromEntries(
          verbs.filter((verb) => counts.has(verb)).map((verb) => [verb, counts.get(verb) ?? 0]),
        ),
        clears,
        warnings,
        refused: refused > 0 && answers === 0,
        effects: effectsOf(targets[index], counts),
      })),
    }),
  };
}

function effectsOf(target: ReportTarget | undefined, counts: ReadonlyMap<Verb, number>): TargetSummary['effects'] {
  const { effects, archive } = target?.definition ?? {};
  const created = (counts.get('create') ?? 0) + (counts.get('created') ?? 0);
  const updated = (counts.get('update') ?? 0) + (counts.get('updated') ?? 0);
  const archived = (counts.get('archive') ?? 0) + (counts.get('archived') ?? 0);
  return [
    ...(created > 0 ? (effects?.create ?? []) : []).map((effect) => ({ effect, times: created })),
    ...(updated > 0 ? (effects?.update ?? []) : []).map((effect) => ({ effect, times: updated })),
    ...(archived > 0 && archive !== undefined ? [{ effect: archive.effect, times: archived }] : []),
  ];
}

export function hasFailures({ targets }: Summary): boolean {
  return targets.some(({ counts }) => verbs.some((verb) => wordOf(verb).isFailure && counts[verb] !== undefined));
}

function isRefused({ targets }: Summary): boolean {
  return targets.every(({ refused }) => refused);
}

/** What the program ends with. A key that is refused everywhere is a configuration that nothing could be done with. */
export function exitCodeOf(summary: Summary): number {
  if (isRefused(summary)) return exitCode.usage;
  return hasFailures(summary) ? exitCode.someFailed : exitCode.done;
}

/** What a plan ends with. */
export function planExitCode(summary: Summary, flags: { readonly exitCode?: true }): number {
  const code = exitCodeOf(summary);
  return code === exitCode.done && flags.exitCode && hasChanges(summary) ? exitCode.changes : code;
}

export function hasChanges({ targets }: Summary): boolean {
  return targets.some(({ counts }) => verbs.some((verb) => wordOf(verb).isChange && counts[verb] !== undefined));
}

/** `1 customer`, `79,412 customers` */
export function customersText(count: number): string {
  return counted(count, 'customer');
}

/** `1 note`, `12 notes` */
export function counted(count: number, noun: string): string {
  return `${numberText(count)} ${count === 1 ? noun : `${noun}s`}`;
}

const numbers = new Intl.NumberFormat('en-US');

/** `79,412` */
export function numberText(count: number): string {
  return numbers.format(count);
}

/** What an interrupt left, at one connection. */
export function interruptedText({ counts }: Pick<TargetSummary, 'counts'>): string {
  const left = counts.not_attempted ?? 0;
  if (left > 0) return `interrupted: ${customersText(left)} ${left === 1 ? 'was' : 'were'} not looked at`;
  const isBegun = Object.keys(counts).length > 0;
  return isBegun ? 'interrupted when everybody had been looked at' : 'interrupted before anybody was looked at';
}

/** For a list of remarks: nothing when no field is emptied. */
export function clearsText(clears: number): string[] {
  return clears === 0 ? [] : [`${counted(clears, 'field')} cleared`];
}

/** `12 create, 3 update, 40 unchanged` */
export function countsText(counts: TargetSummary['counts']): string {
  const parts = verbs.flatMap((verb) => {
    const count = counts[verb];
    return count === undefined ? [] : [`${numberText(count)} ${verb}`];
  });
  return parts.length === 0 ? 'nothing' : parts.join(', ');
}
