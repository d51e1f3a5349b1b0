import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { accountText } from '../../../connections/account.js';
import type { ClearedField } from '../clears.js';
import type { ReportTarget, RunHead } from '../report.js';
import { counted, customersText, interruptedText, numberText, type Summary, type TargetSummary } from '../summary.js';
import { verbs, wordOf } from '../words.js';
import type { PageGroup } from './page-data.js';
import { pageStyle } from './page-style.js';
import { embeddedJson, escapeHtml } from './page-values.js';

export interface Page {
  readonly run: RunHead;
  readonly summary: Summary;
  readonly now: Date;
  readonly showValues: boolean;
  /** By connection. */
  readonly clears: ReadonlyMap<string, readonly ClearedField[]>;
  readonly groups: readonly PageGroup[];
}

/** What counts is readable without the script, which lists and filters the customers. */
export function pageMarkup(page: Page): string {
  const { run, summary } = page;
  const script = pageScript();
  const title = `${escapeHtml(run.source)} → ${summary.targets.map(({ to }) => escapeHtml(to)).join(', ')}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Dry run: ${title}</title>
<style>${pageStyle}</style>
</head>
<body>
<a class="skip" href="#customers">To the customers</a>
<header>
<p class="kind">Dry run</p>
<h1>${title}</h1>
${remarks(page).join('\n')}
</header>
<section class="connections" aria-label="Connections">
${summary.targets.map((target) => connectionCard(target, page)).join('\n')}
</section>
${filterBar}
<main id="customers" tabindex="-1" aria-label="Customers">
<p id="shown" role="status"></p>
<div id="list"></div>
<button id="more" type="button" hidden></button>
<noscript><p class="remark">The list of customers needs JavaScript; the totals above do not.</p></noscript>
</main>
<script type="application/json" id="plan">${embeddedJson(page.groups)}</script>
<script type="module">${script}</script>
</body>
</html>
`;
}

/** The page may run its own script and nothing else, and may load nothing at all. */
function policy(script: string): string {
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  return `default-src 'none'; style-src ${hash(pageStyle)}; script-src ${hash(script)}; base-uri 'none'; form-action 'none'`;
}

/** The file as it is, or as the compiler left it, whose source map nobody may ask for; a browser hashes it with plain line ends. */
function pageScript(): string {
  const script = readFileSync(new URL('./page.js', import.meta.url), 'utf8');
  return script.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n').replaceAll('\r\n', '\n');
}

function remarks({ run, summary, now, showValues, groups }: Page): string[] {
  const time = now.toISOString();
  const made = `<time datetime="${time}">${time.slice(0, 16).replace('T', ' ')} UTC</time>`;
  const read = run.offline
    ? 'No request was sent; every customer is shown as new.'
    : 'The providers were only read; nothing was written.';
  const left = groups
    .filter(({ count, customers }) => count > customers.length)
    .map(
      ({ to, verb, count, customers }) =>
        `Of ${numberText(count)} customers “${escapeHtml(verb)}” at ${escapeHtml(to)}, the first ${numberText(customers.length)} are on this page; --format csv and --format json have all.`,
    );
  return [
    `<p>${customersText(summary.rows)}, ${made}. ${read}</p>`,
    ...(summary.interrupted
      ? summary.targets.map((target) => `<p class="remark">${escapeHtml(target.to)}: ${interruptedText(target)}.</p>`)
      : []),
    ...(showValues ? ['<p class="remark">This page holds personal data.</p>'] : [maskedRemark]),
    ...left.map((text) => `<p class="remark">${text}</p>`),
  ];
}

const maskedRemark =
  '<p class="remark">Values are masked: •••• (12) stands for 12 characters. --show-values makes a page with the values.</p>';

function connectionCard({ to, counts, warnings, effects }: TargetSummary, { run, clears }: Page): string {
  const target = run.targets.find(({ connection }) => connection.name === to);
  const chips = verbs.flatMap((verb) => {
    const count = counts[verb];
    if (count === undefined) return [];
    const { style, sign } = wordOf(verb);
    return [`<li class="${style}"><span aria-hidden="true">${sign}</span> <b>${numberText(count)}</b> ${verb}</li>`];
  });
  const callouts = [
    ...(clears.get(to) ?? []).map(({ field, times }) => ['clears', `clears ${field}`, times] as const),
    ...effects.map(({ effect, times }) => ['effect', effect, times] as const),
  ].map(([kind, text, times]) => `<li class="${kind}"><b>${numberText(times)}×</b> ${escapeHtml(text)}</li>`);
  const notes = [...(target?.notes ?? []), ...(warnings > 0 ? [`${counted(warnings, 'note')} on values`] : [])];
  return `<article>
<h2>${escapeHtml(to)}</h2>
<p class="account">${accountLine(target, run)}</p>
<ul class="counts" aria-label="Outcomes">${chips.join('')}</ul>
${callouts.length === 0 ? '' : `<h3>Clears and side effects</h3>\n<ul class="callouts">${callouts.join('')}</ul>`}
${notes.map((note) => `<p class="account">${escapeHtml(note)}</p>`).join('\n')}
</article>`;
}

function accountLine(target: ReportTarget | undefined, { offline }: RunHead): string {
  return offline || target === undefined ? 'offline' : escapeHtml(accountText(target.account));
}

const filterBar = `<search aria-label="Filter">
<label class="find">Find <input id="text" type="search" placeholder="id, field, value, message" autocomplete="off" spellcheck="false"></label>
<label>Connection <select id="to"><option value="">all</option></select></label>
<label>Outcome <select id="verb"><option value="">all</option></select></label>
<label>Field <select id="field"><option value="">all</option></select></label>
<label class="check"><input id="clears" type="checkbox"> clears only</label>
<button id="reset" type="button">Reset</button>
</search>`;
