import type { ObservedCustomer } from '../../../schemas/customer.js';
import { type Mapping, mappingSchema, type Overlay, overlaySchema, type Rule } from '../../../schemas/mapping.js';
import { canonicalPaths, isCanonicalPath } from '../customer/canonical-paths.js';
import { CustomerSyncError } from '../errors.js';
import { nearest } from '../nearest.js';
import { describeIssues } from '../zod-issues.js';
import { compileSetter, parsePath } from './path.js';
import type { MappingReport, WriteMode } from './report.js';
import { type CompiledRule, compileRule } from './rule.js';
import { sourcePaths } from './source.js';

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

/** Compiles a mapping once, to closures. @throws CustomerSyncError `mapping` for a path that leads nowhere. */
export function compileMapping(mapping: Mapping): CompiledMapping {
  checkSources(mapping);
  const rules = Object.entries(mapping.fields).map(([target, rule]) => compileRule(target, rule));
  const byTarget = new Map(rules.map((rule) => [rule.target, rule]));
  const byMode = {
    create: rules.filter(({ rule }) => rule.on !== 'update'),
    update: rules.filter(({ rule }) => rule.on !== 'create'),
  };
  const readable = rules.flatMap((rule) =>
    rule.read === undefined || rule.reverse === undefined
      ? []
      : [{ rule, read: rule.read, put: compileSetter(rule.reverse) }],
  );
  const unreadable = [
    ...rules.filter(({ read, reverse }) => read === undefined && reverse !== undefined).map(({ field }) => field),
    ...Object.keys(mapping.unsupported ?? {}),
  ];

  return {
    provider: mapping.provider,
    rules,
    rule: (target) => byTarget.get(target),
    toPayload(customer, mode, report) {
      const payload: Record<string, unknown> = {};
      for (const rule of byMode[mode]) {
        const value = rule.evaluate(customer, mode, report);
        if (value === undefined) continue;
        rule.put(
          payload,
          rule.keyed === undefined || value === null ? value : rule.keyed.encode(value, undefined, customer, report),
        );
      }
      return payload;
    },
    observe(record, providerId) {
      const customer: Record<string, unknown> = {};
      for (const { rule, read, put } of readable) {
        const stored = rule.keyed === undefined ? rule.toCanonical(read(record)) : rule.keyed.stored(read(record));
        if (stored !== undefined && stored !== null && stored !== '') put(customer, stored);
      }
      return { provider_id: providerId, customer, unreadable };
    },
  };
}

function checkSources({ provider, fields }: Mapping): void {
  const problems = Object.entries(fields).flatMap(([target, rule]) => [
    ...ruleShapeProblems(target, rule),
    ...sourcePaths(rule)
      .filter((path) => !isCanonicalPath(parsePath(path)))
      .map((path) => `fields.${target}: unknown path "${path}"${nearest(path, canonicalPaths)}`),
  ]);
  if (problems.length > 0) throw mappingError(provider, problems);
}

function ruleShapeProblems(target: string, rule: Rule): string[] {
  const places = [rule.from, rule.constant, rule.template].filter((place) => place !== undefined);
  return places.length === 1 ? [] : [`fields.${target}: needs exactly one of from, template and constant`];
}

function mappingError(name: string, problems: readonly string[]): CustomerSyncError {
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more: ${problems.slice(1, 5).join('; ')})` : '';
  return new CustomerSyncError('mapping', {
    message: `${name}: ${problems[0]}${more}`,
    remedy: 'Correct the mapping; its fields are described in the mapping JSON Schema.',
  });
}
