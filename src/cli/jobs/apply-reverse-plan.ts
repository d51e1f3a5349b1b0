import type { Plan } from '../../../schemas/outcome.js';
import type { Connection } from '../../runner/connection.js';
import type { SourceRow } from '../../runner/row.js';
import type { Result } from '../../runner/runner.js';
import { codeHint, withCode } from '../code-hint.js';
import { say } from '../console.js';
import { exitCode } from '../exit-code.js';
import { printable } from '../report/values.js';
import { type Applying, approvePlans } from './approve-plans.js';
import { bindingOf, checkBinding } from './bind-plan.js';
import { openNamed } from './open-job.js';

/** Takes an applied plan back, for those customers whose plan is still what it was. */
export async function applyReversePlan(applying: Applying): Promise<number> {
  const { context, ledger, file, plan, signal, teller } = applying;
  const opened = await openNamed(
    context,
    plan.targets.map(({ to }) => to),
  );
  checkBinding(
    file,
    plan,
    opened.map((one) => bindingOf(one, undefined, ledger)),
  );
  const codes = new Set<string>();
  let code: number = exitCode.done;
  for (const { connection } of opened.map(({ connection: one }) => one)) {
    const to = connection.name;
    const rows = (plan.rows ?? []).filter((row) => row.to === to);
    const values = rows.map(({ customer }) => ({ value: customer }));
    const plans = signal.aborted ? [] : await plansNow(applying, connection, values);
    // Of whom an interrupted planning did not come to, nothing can be said.
    if (signal.aborted) {
      teller.leave(to, 'interrupted');
      continue;
    }
    const { ids, isRefused } = approvePlans(applying, to, plans);
    const wanted = values.filter(({ value }) => ids.has(String(value['id'])));
    const failed = await applyRows(applying, connection, wanted);
    for (const one of failed) codes.add(one);
    if (signal.aborted) teller.interrupt(to);
    if (isRefused || failed.size > 0) code = exitCode.someFailed;
  }
  if (codes.size > 0) say(context.console, codeHint(codes));
  return code;
}

async function plansNow(
  { context, concurrency, signal }: Applying,
  connection: Connection,
  rows: readonly SourceRow[],
): Promise<Plan[]> {
  const plans: Plan[] = [];
  for await (const { results } of context.accounts.runner.dryRun([connection], rows, { concurrency, signal })) {
    for (const result of results) if (result.kind === 'plan') plans.push(result.plan);
  }
  return plans;
}

/** Tells of what fails, and of what each comes to in the end. Answers the codes of the errors. */
async function applyRows(
  { context: { console, accounts }, concurrency, signal, teller }: Applying,
  connection: Connection,
  rows: readonly SourceRow[],
): Promise<Set<string>> {
  const to = connection.name;
  const counts = new Map<string, number>();
  const codes = new Set<string>();
  const note = (result: Result) => {
    if (result.kind === 'plan') return;
    teller.note(result.outcome);
    const { status, error, customer_id: id } = result.outcome;
    counts.set(status, (counts.get(status) ?? 0) + 1);
    if (error === undefined) return;
    codes.add(error.code);
    say(console, printable(`${to}: ${id}: ${withCode(error.message, error.code)}\n  -> ${error.remedy}`));
  };
  for await (const { results } of accounts.runner.apply([connection], rows, { concurrency, signal })) {
    results.forEach(note);
  }
  const text = [...counts].map(([status, count]) => `${count} ${status}`).join(', ') || 'nothing to do';
  await teller.print(`${to}: ${text}\n`);
  return codes;
}
