import type { ObservedCustomer } from '../../../schemas/customer.js';
import { type Mapping, mappingSchema, type Overlay, overlaySchema } from '../../../schemas/mapping.js';
import { CustomerSyncError } from '../errors.js';
import { nearest } from '../nearest.js';
import { describeIssues } from '../zod-issues.js';
import { mappingProblems } from './check-mapping.js';
import { isUnset } from './compare.js';
import { compileSetter, isObject } from './path.js';
import type { MappingReport, WriteMode } from './report.js';
import { type CompiledRule, compileRule } from './rule.js';
import { compilePayload } from './write-payload.js';

export interface CompiledMapping {
  readonly provider: string;
  readonly rules: readonly CompiledRule[];
  rule(target: string): CompiledRule | undefined;
  /** The whole payload for a customer, without asking what the provider holds. */
  toPayload(customer: unknown, mode: WriteMode, report: MappingReport): Record<string, unknown>;
  /** A stored record in canonical words. */
  observe(record: unknown, providerId: string): ObservedCustomer;
}

/** Reads a mapping file's content. @throws CustomerSyncError `mapping` with every problem found. */
export function parseMapping(input: unknown, name: string): Mapping {
  const parsed = mappingSchema.safeParse(input);
  if (!parsed.success) throw mappingError(name, describeIssues(parsed.error.issues, input));
  return parsed.data;
}

/** Reads an overlay's content. @throws CustomerSyncError `mapping`. */
export function parseOverlay(input: unknown, name: string): Overlay {
  const parsed = overlaySchema.safeParse(input);
  if (!parsed.success) throw mappingError(name, describeIssues(parsed.error.issues, input));
  return parsed.data;
}

/** The mapping as one connection uses it. */
export function applyOverlay(mapping: Mapping, overlay: Overlay): Mapping {
  const unknown = Object.keys(overlay.remove ?? {}).filter((target) => !Object.hasOwn(mapping.fields, target));
  if (unknown.length > 0) {
    throw mappingError(
      `overlay for ${mapping.provider}`,
      unknown.map((target) => `remove.${target}: there is no such rule${nearest(target, Object.keys(mapping.fields))}`),
    );
  }
  const fields = { ...mapping.fields, ...overlay.fields };
  for (const target of Object.keys(overlay.remove ?? {})) delete fields[target];
  return { ...mapping, fields };
}

/**
 * Compiles a mapping once, to closures.
 * @throws CustomerSyncError `mapping` for a path that leads nowhere and for rules that contradict each other.
 */
export function compileMapping(mapping: Mapping): CompiledMapping {
  const problems = mappingProblems(mapping);
  if (problems.length > 0) throw mappingError(mapping.provider, problems);
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
  const readable = rules.flatMap((rule) =>
    rule.read === undefined || rule.reverse === undefined
      ? []
      : [{ rule, read: rule.read, put: compileSetter(rule.reverse) }],
  );
  const shown = new Set(readable.map(({ rule }) => rule.field));
  const unreadable = [
    ...rules.filter(({ read, reverse }) => read === undefined && reverse !== undefined).map(({ field }) => field),
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
      for (const { rule, read, put } of readable) {
        const stored = rule.keyed === undefined ? rule.toCanonical(read(record)) : rule.keyed.stored(read(record));
        // A copy, since another rule may put a part of it, and the record is not ours to change.
        if (!isUnset(stored)) put(customer, isObject(stored) && !Array.isArray(stored) ? { ...stored } : stored);
      }
      return { provider_id: providerId, customer, unreadable };
    },
  };
}

function mappingError(name: string, problems: readonly string[]): CustomerSyncError {
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more: ${problems.slice(1, 5).join('; ')})` : '';
  return new CustomerSyncError('mapping', {
    message: `${name}: ${problems[0]}${more}`,
    remedy: 'Correct the mapping; its fields are described in the mapping JSON Schema.',
  });
}
