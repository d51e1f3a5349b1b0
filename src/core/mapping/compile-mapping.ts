import type { ObservedCustomer } from '../../../schemas/customer.js';
import { type Mapping, mappingSchema, type Overlay, overlaySchema } from '../../../schemas/mapping.js';
import { CustomerSyncError } from '../errors.js';
import { describeIssues } from '../zod-issues.js';
import { describeProblem, mappingProblems } from './check-mapping.js';
import { isUnset } from './compare.js';
import type { FieldOwnership } from './field-ownership.js';
import { refusalOf } from './input-size.js';
import { type OverlayLayer, overlay } from './overlay.js';
import { compileSetter, isRecord } from './path.js';
import type { MappingReport, WriteMode } from './report.js';
import { type CompiledRule, compileRule } from './rule.js';
import { compilePayload } from './write-payload.js';

export interface CompiledMapping {
  readonly provider: string;
  /** Whose fields it sends, where not all are ours. */
  readonly ownership?: FieldOwnership;
  readonly rules: readonly CompiledRule[];
  rule(target: string): CompiledRule | undefined;
  /** The whole payload for a customer, without asking what the provider holds. */
  toPayload(customer: unknown, mode: WriteMode, report: MappingReport): Record<string, unknown>;
  /** A stored record in canonical words. */
  observe(record: unknown, providerId: string): ObservedCustomer;
}

/** Reads a mapping file's content. @throws CustomerSyncError `mapping` with every problem found. */
export function parseMapping(input: unknown, name: string): Mapping {
  refuseOversize(input, name);
  const parsed = mappingSchema.safeParse(input);
  if (!parsed.success)
    throw mappingError(name, describeIssues(parsed.error.issues, input, Object.keys(mappingSchema.shape)));
  return parsed.data;
}

/** Reads an overlay's content. @throws CustomerSyncError `mapping`. */
export function parseOverlay(input: unknown, name: string): Overlay {
  refuseOversize(input, name);
  const parsed = overlaySchema.safeParse(input);
  if (!parsed.success)
    throw mappingError(name, describeIssues(parsed.error.issues, input, Object.keys(overlaySchema.shape)));
  return parsed.data;
}

/**
 * The mapping as one connection uses it.
 * @throws CustomerSyncError `mapping`, naming the layer that does what it may not, or that brought a rule which is wrong.
 */
export function applyOverlays(mapping: Mapping, layers: readonly OverlayLayer[]): Mapping {
  const { mapping: changed, origins, problems } = overlay(mapping, layers);
  const broken = layers.length === 0 ? [] : mappingProblems(changed);
  const blamed = [
    ...problems,
    ...broken.flatMap((problem) => {
      const layer = origins.get(String(problem.at[1]))?.at(-1);
      return layer === undefined ? [] : [{ layer, problem }];
    }),
  ];
  const [first] = blamed;
  if (first === undefined) return changed;
  const ofLayer = blamed.filter(({ layer }) => layer === first.layer);
  throw mappingError(
    first.layer,
    ofLayer.map(({ problem }) => describeProblem(problem)),
  );
}

/**
 * Compiles a mapping once, to closures.
 * @param name what the errors are about
 * @throws CustomerSyncError `mapping` for a path that leads nowhere and for rules that contradict each other.
 */
export function compileMapping(mapping: Mapping, name = mapping.provider): CompiledMapping {
  const problems = mappingProblems(mapping);
  if (problems.length > 0) throw mappingError(name, problems.map(describeProblem));
  const rules = Object.entries(mapping.fields).map(([target, rule]) => compileRule(target, rule));
  const byTarget = new Map(rules.map((rule) => [rule.target, rule]));
  const toPayload = {
    create: compilePayload(
      rules.filter(({ rule }) => rule.on !== 'update'),
      'create',
    ),
    update: compilePayload(
      rules.filter(({ rule }) => rule.on !== 'create'),
      'update',
    ),
  };
  const readable = rules.flatMap((rule) => {
    const { read } = rule;
    if (read === undefined) return [];
    return rule.waysBack.map(({ path, undo }) => ({ rule, read, undo, put: compileSetter(path) }));
  });
  const shown = new Set(readable.map(({ rule }) => rule.field));
  const unreadable = [
    ...rules.filter(({ read, waysBack }) => read === undefined && waysBack.length > 0).map(({ field }) => field),
    // An overlay may have found a place for a field that the provider has none for.
    ...Object.keys(mapping.unsupported ?? {}).filter((field) => !shown.has(field)),
  ];

  return {
    provider: mapping.provider,
    rules,
    rule: (target) => byTarget.get(target),
    toPayload: (customer, mode, report) => toPayload[mode](customer, report),
    observe(record, providerId) {
      const customer: Record<string, unknown> = {};
      for (const { rule, read, undo, put } of readable) {
        const value = read(record);
        const stored = rule.keyed === undefined ? (isUnset(value) ? undefined : undo(value)) : rule.keyed.stored(value);
        // A copy, since another rule may put a part of it, and the record is not ours to change.
        if (!isUnset(stored)) put(customer, isRecord(stored) ? { ...stored } : stored);
      }
      return { provider_id: providerId, customer, unreadable };
    },
  };
}

function refuseOversize(input: unknown, name: string): void {
  const refusal = refusalOf(input);
  if (refusal !== undefined) throw mappingError(name, [refusal.message]);
}

export function mappingError(name: string, problems: readonly string[]): CustomerSyncError {
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more: ${problems.slice(1, 5).join('; ')})` : '';
  return new CustomerSyncError('mapping', {
    message: `${name}: ${problems[0]}${more}`,
    remedy: 'Correct the mapping; its fields are described in the mapping JSON Schema.',
  });
}
