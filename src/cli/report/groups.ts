import { type ShownRow, type View, viewOf } from './report.js';
import { type Verb, verbOf, verbs, wordOf } from './words.js';

export interface Entry {
  readonly view: View;
  /** Where the row stands. */
  readonly at: string | undefined;
}

/** The customers of one connection that come to the same, of whom the first few are kept. */
export interface Group {
  readonly to: string;
  readonly verb: Verb;
  readonly entries: readonly Entry[];
  /** What cannot be seen from the entries, since so many more were only counted. */
  readonly left: { readonly count: number; readonly clearing: number; readonly withNotes: number };
}

interface Growing {
  readonly entries: Entry[];
  readonly left: { count: number; clearing: number; withNotes: number };
}

export interface GroupOptions {
  /** So many entries are kept of a group. */
  readonly limit: (verb: Verb) => number;
  /** What is only counted in the summary. */
  readonly isShown: (verb: Verb, view: View) => boolean;
}

/** Sorts results by connection and outcome, as they come; a million rows need no more memory than the first few. */
export function createGroups({ limit, isShown }: GroupOptions) {
  const byConnection = new Map<string, Map<Verb, Growing>>();

  function groupOf(to: string, verb: Verb): Growing {
    const byVerb = byConnection.get(to) ?? new Map<Verb, Growing>();
    byConnection.set(to, byVerb);
    const group = byVerb.get(verb) ?? { entries: [], left: { count: 0, clearing: 0, withNotes: 0 } };
    byVerb.set(verb, group);
    return group;
  }

  return {
    add({ row: { at }, results }: ShownRow): void {
      for (const result of results) {
        const verb = verbOf(result);
        const view = viewOf(result);
        if (!isShown(verb, view)) continue;
        const { entries, left } = groupOf(view.to, verb);
        if (entries.length < limit(verb)) {
          entries.push({ view, at });
          continue;
        }
        left.count += 1;
        if (view.changes.some(({ change }) => change === 'clear')) left.clearing += 1;
        if (notesOf(view, false).length > 0) left.withNotes += 1;
      }
    },
    /** In the order of the connections, and of the outcomes within each: changes first, what failed last. */
    groups(connections: readonly string[]): Group[] {
      return connections.flatMap((to) =>
        verbs.flatMap((verb) => {
          const group = byConnection.get(to)?.get(verb);
          return group === undefined ? [] : [{ to, verb, ...group }];
        }),
      );
    },
  };
}

/** Whether a customer is worth a line of its own, and not only a place in the counts. */
export function isWorthALine(verb: Verb, view: View, verbose: boolean): boolean {
  return verbose || !wordOf(verb).isQuiet || notesOf(view, false).length > 0;
}

/** `unchanged, with notes`: of those that stay as they are, only these are shown. */
export function groupName(verb: Verb, verbose: boolean): string {
  return wordOf(verb).isQuiet && !verbose ? `${verb}, with notes` : verb;
}

/** Notes worth a line. That a value was only made tidy is none, unless everything is asked for. */
export function notesOf({ warnings }: View, verbose: boolean): View['warnings'] {
  return warnings.filter(({ code }) => verbose || code !== 'normalised');
}
