import { codeHint, withCode } from '../code-hint.js';
import { type OutputStream, paint, type Style } from '../console.js';
import type { Check, CheckStatus } from '../doctor/check.js';
import { counted } from './summary.js';
import { printable } from './values.js';

const styles: Readonly<Record<CheckStatus, Style>> = { ok: 'green', warn: 'yellow', fail: 'red' };

/** One line for each check, and below it what to do. */
export function doctorText(checks: readonly Check[], stdout: OutputStream): string {
  const lines = checks.flatMap(({ status, about, name, message, remedy, code }) => {
    const subject = [about, name ?? []].flat().join(' ');
    const said = printable(`${subject}: ${code === undefined ? message : withCode(message, code)}`);
    const line = `${paint(stdout, styles[status], status.padEnd(4))}  ${said}`;
    return remedy === undefined ? [line] : [line, `      -> ${printable(remedy)}`];
  });
  const hint = codeHint(new Set(checks.flatMap(({ code }) => code ?? [])));
  return [...lines, '', countsText(checks), ...(hint === '' ? [] : [hint]), ''].join('\n');
}

export function checkCounts(checks: readonly Check[]): Readonly<Record<CheckStatus, number>> {
  const count = (wanted: CheckStatus) => checks.filter(({ status }) => status === wanted).length;
  return { ok: count('ok'), warn: count('warn'), fail: count('fail') };
}

function countsText(checks: readonly Check[]): string {
  const { ok, warn, fail } = checkCounts(checks);
  return `${ok} ok, ${counted(warn, 'warning')}, ${fail} failed`;
}
