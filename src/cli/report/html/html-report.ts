import { createClears } from '../clears.js';
import { createGroups, isWorthALine } from '../groups.js';
import type { Report, RunHead } from '../report.js';
import { pageGroup, type ShownValue } from './page-data.js';
import { pageMarkup } from './page-markup.js';
import { maskedValue, plainValue } from './page-values.js';

/** Of each outcome, over all connections together: what a browser still filters while somebody types. */
const mostOfOutcome = 10_000;

interface HtmlOptions {
  /** Values of customers are in the page. Otherwise only how long they are. */
  readonly showValues: boolean;
  /** Also what stays as it is, and every note. */
  readonly verbose: boolean;
  readonly now: Date;
}

/** For people, to be passed on: the whole plan as one page that needs no network. It is written at the end. */
export function createHtmlReport({ showValues, verbose, now }: HtmlOptions): Report {
  const show: ShownValue = showValues ? plainValue : maskedValue;
  const clears = createClears();
  let run: RunHead | undefined;
  let limit = mostOfOutcome;
  const groups = createGroups({ limit: () => limit, isShown: (verb, view) => isWorthALine(verb, view, verbose) });
  return {
    head(started) {
      run = started;
      limit = Math.floor(mostOfOutcome / Math.max(1, started.targets.length));
      return '';
    },
    row(result) {
      clears.add(result);
      groups.add(result);
      return '';
    },
    foot(summary) {
      if (run === undefined) return '';
      const names = summary.targets.map(({ to }) => to);
      return pageMarkup({
        run,
        summary,
        now,
        showValues,
        clears: new Map(names.map((to) => [to, clears.of(to)])),
        groups: groups.groups(names).map((group) => pageGroup(group, { show, verbose })),
      });
    },
  };
}
