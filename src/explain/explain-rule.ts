import type { Mapping, Rule } from '../../schemas/mapping.js';
import { compileMapping } from '../core/mapping/compile-mapping.js';
import { compileGetter, parsePath } from '../core/mapping/path.js';
import type { MappingReport, WriteMode } from '../core/mapping/report.js';
import { type SourceTrace, traceKeys, traceSource } from './trace-source.js';

/** What becomes of one field of the provider, and why. */
export interface RuleExplanation {
  readonly target: string;
  /** The canonical field that messages name. */
  readonly field: string;
  readonly source: SourceTrace;
  /** What the rule's policies did: a stand-in, a cut, a value left out. */
  readonly policies: readonly { readonly code: string; readonly message: string }[];
  readonly result:
    | { readonly kind: 'sent'; readonly value: unknown }
    /** Nothing is sent, and the stored value stays. */
    | { readonly kind: 'nothing'; readonly because: string }
    | { readonly kind: 'error'; readonly message: string };
}

/** Follows one rule for one customer. The result is the engine's own; the rest says how it came about. */
export function explainRule(mapping: Mapping, target: string, customer: unknown, mode: WriteMode): RuleExplanation {
  const rule = mapping.fields[target];
  if (rule === undefined) throw new RangeError(`there is no rule for ${target}`);
  const compiled = compileMapping({ ...mapping, fields: { [target]: rule } });
  const field = compiled.rule(target)?.field ?? target;
  const report: MappingReport = {};
  const value = compileGetter(parsePath(target))(compiled.toPayload(customer, mode, report));
  const traced = traceSource(rule, customer);
  const source = { ...traced, steps: [...traced.steps, ...traceKeys(rule.keyed?.transform, traced.value)] };
  const policies = (report.warnings ?? []).map(({ code, message }) => ({ code, message }));
  const [issue] = report.issues ?? [];
  if (issue !== undefined) {
    return { target, field, source, policies, result: { kind: 'error', message: `${issue.field}: ${issue.message}` } };
  }
  if (value !== undefined) {
    const unreported = mode === 'create' ? defaultPolicy(rule, source, policies) : clearPolicy(rule, source);
    return { target, field, source, policies: [...policies, ...unreported], result: { kind: 'sent', value } };
  }
  return {
    target,
    field,
    source,
    policies,
    result: { kind: 'nothing', because: reasonOf(rule, source, mode, policies) },
  };
}

/** The engine does not report a default, since nothing about it is wrong. */
function defaultPolicy(
  { default: standIn }: Rule,
  { value }: SourceTrace,
  policies: RuleExplanation['policies'],
): RuleExplanation['policies'] {
  const isGone = value === undefined || value === null || policies.some(({ code }) => code === 'dropped');
  if (standIn === undefined || !isGone) return [];
  return [{ code: 'default', message: `has no value; a create then sends ${JSON.stringify(standIn)}` }];
}

/** Nor how a field is cleared, which is what was asked for. */
function clearPolicy({ clear, keyed }: Rule, { value }: SourceTrace): RuleExplanation['policies'] {
  if (value !== null || keyed !== undefined) return [];
  const sent = clear === 'empty' ? '""' : 'null';
  return [{ code: 'clear', message: `null asks to clear, and ${sent} is what clears this field` }];
}

/** Why a field is absent from what is sent. */
function reasonOf(
  rule: Rule,
  { reads, condition, steps, tried = [], value }: SourceTrace,
  mode: WriteMode,
  policies: RuleExplanation['policies'],
): string {
  if (rule.on !== undefined && rule.on !== mode) return `the rule counts on ${rule.on} only`;
  if (condition?.holds === false) return 'its condition does not hold';
  const [policy] = policies;
  if (policy !== undefined) return policy.message;
  if (value === null) return 'null asks to clear, and a create has nothing to clear';
  if (value !== undefined) return 'it holds nothing that could be sent';
  if (steps.length > 0 || tried.some((one) => one.steps.length > 0)) return 'the transforms leave no value';
  const paths = [...reads, ...tried.flatMap((one) => one.reads)].map(({ path }) => path);
  return paths.length === 0 ? 'its source has no value' : `the customer has no ${[...new Set(paths)].join(', nor ')}`;
}
