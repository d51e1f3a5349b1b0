import type { EffectiveMapping } from '../../lint/effective.js';
import type { Finding } from '../../lint/finding.js';
import { codeHint } from '../code-hint.js';
import { type Console, paint } from '../console.js';
import { counted } from './summary.js';
import { printable } from './values.js';

/**
 * Findings as a compiler prints them: the place first, so that an editor can jump there.
 * @param checked what was looked at: `3 files`
 */
export function findingsText(findings: readonly Finding[], checked: string, stdout: Console['stdout']): string {
  const blocks = findings.map(({ file, line, pointer, code, message, remedy }) => {
    const place = `${file}${line === undefined ? '' : `:${line}`}`;
    const title = [paint(stdout, 'bold', place), pointer, paint(stdout, 'red', code)].filter((part) => part !== '');
    return `${printable(title.join(' '))}\n  ${printable(message)}\n  -> ${printable(remedy)}\n`;
  });
  const hint = codeHint(new Set(findings.map(({ code }) => code)));
  return [
    ...blocks,
    `${checked}: ${findings.length === 0 ? 'nothing found' : counted(findings.length, 'finding')}\n`,
    ...(hint === '' ? [] : [`${hint}\n`]),
  ].join('');
}

/** Each rule with where it stands; the layers below the one that counts come behind it. */
export function effectiveText({ provider, rules, removed }: EffectiveMapping): string {
  const place = ({ file, line }: { file: string; line: number }) => `${file}:${line}`;
  return `${[
    `${provider}: ${rules.length} rules`,
    ...rules.flatMap(({ target, rule, origins }) => [
      `  ${target}  ${origins.map(place).join(' over ')}`,
      `    ${shortened(JSON.stringify(rule))}`,
    ]),
    ...removed.map((rule) => `  ${rule.target}  removed by ${place(rule)}: ${rule.reason}`),
  ]
    .map(printable)
    .join('\n')}\n`;
}

/** Lists of allowed values run to hundreds of names; JSON has them all. */
function shortened(rule: string): string {
  return rule.length <= 200 ? rule : `${rule.slice(0, 200)}... (--json shows all)`;
}
