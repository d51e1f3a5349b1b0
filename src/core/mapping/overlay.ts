import type { Mapping, Overlay, Rule } from '../../../schemas/mapping.js';
import { nearest } from '../nearest.js';
import type { MappingProblem } from './check-mapping.js';
import { deepEqual } from './compare.js';

/** An overlay, and what to call it: its file, or the place it was found in. */
export interface OverlayLayer {
  readonly name: string;
  readonly overlay: Overlay;
}

/** Whose word each rule of a mapping is: the layers that changed it, the last one last. Absent: the provider's alone. */
export type RuleOrigins = ReadonlyMap<string, readonly string[]>;

export interface Overlaid {
  readonly mapping: Mapping;
  readonly origins: RuleOrigins;
  /** What the layers may not do, by layer. Their rules are in the mapping all the same, for further checks. */
  readonly problems: readonly { readonly layer: string; readonly problem: MappingProblem }[];
}

/** Applies layers in their order: environment, then connection. Each sees what those before it made. */
export function overlay(base: Mapping, layers: readonly OverlayLayer[]): Overlaid {
  const origins = new Map<string, readonly string[]>();
  const problems: { layer: string; problem: MappingProblem }[] = [];
  let mapping = base;
  for (const { name, overlay: changes } of layers) {
    problems.push(...overlayProblems(mapping, changes).map((problem) => ({ layer: name, problem })));
    mapping = applyChanges(mapping, changes);
    for (const target of Object.keys(changes.fields ?? {})) {
      origins.set(target, [...(origins.get(target) ?? []), name]);
    }
    for (const target of Object.keys(changes.remove ?? {})) origins.delete(target);
  }
  return { mapping, origins, problems };
}

function applyChanges(mapping: Mapping, { fields = {}, remove = {}, unsupported }: Overlay): Mapping {
  const changed = Object.entries(fields).map(([target, rule]): [string, Rule] => [
    target,
    changeRule(ruleOf(mapping, target), rule),
  ]);
  const kept = Object.entries({ ...mapping.fields, ...Object.fromEntries(changed) });
  return {
    ...mapping,
    fields: Object.fromEntries(kept.filter(([target]) => !Object.hasOwn(remove, target))),
    ...(unsupported !== undefined && { unsupported: { ...mapping.unsupported, ...unsupported } }),
  };
}

/**
 * What the provider dictates of a field. An overlay has it from the mapping below, so that a rule which only names another
 * source still keeps to the provider's limits.
 */
const providerFacts = [
  'required',
  'on',
  'max_length',
  'count',
  'characters',
  'one_of',
  'max_items',
  'clear',
  'clear_reason',
  'keyed',
  'items',
  'read',
  'read_item',
  'provider_members',
  'echo',
  'compare',
  'hidden',
] as const satisfies readonly (keyof Rule)[];

/** A policy belongs to the limit that it is for, though an overlay may have one of its own. */
const inherited = [...providerFacts, 'overflow', 'hint'] as const satisfies readonly (keyof Rule)[];

function changeRule(base: Rule | undefined, change: Rule): Rule {
  if (base === undefined) return change;
  const { from, constant, template, object } = change;
  const hasSource = [from, constant, template, object].some((place) => place !== undefined);
  if (!hasSource) return { ...base, ...change };
  const kept = inherited.flatMap((key) => (base[key] === undefined ? [] : [[key, base[key]]]));
  return { ...Object.fromEntries(kept), ...change };
}

function overlayProblems(mapping: Mapping, changes: Overlay): MappingProblem[] {
  const { provider, fields = {}, remove = {} } = changes;
  return [
    ...(provider === undefined || provider === mapping.provider
      ? []
      : [forbidden(['provider'], `is for ${provider}, not for ${mapping.provider}`, 'Use it with its own provider.')]),
    ...Object.keys(remove).flatMap((target) => removalProblems(mapping, changes, target)),
    ...Object.entries(fields).flatMap(([target, rule]) => {
      const base = ruleOf(mapping, target);
      return base === undefined ? additionProblems(mapping, target) : loosened(target, base, rule);
    }),
  ];
}

function removalProblems(mapping: Mapping, { fields = {} }: Overlay, target: string): MappingProblem[] {
  const at = ['remove', target];
  if (ruleOf(mapping, target) === undefined) {
    const hint = nearest(target, Object.keys(mapping.fields));
    return [forbidden(at, `there is no such rule${hint}`, 'Name a rule of the mapping below.')];
  }
  if (!Object.hasOwn(fields, target)) return [];
  return [forbidden(at, 'is removed and changed at once', 'Keep one of the two.')];
}

function additionProblems(
  { fields, addable = {}, not_written: notWritten = {} }: Mapping,
  target: string,
): MappingProblem[] {
  if (Object.hasOwn(addable, target)) return [];
  const at = ['fields', target];
  if (Object.hasOwn(notWritten, target)) {
    return [forbidden(at, `is never written: ${notWritten[target]}`, 'Remove the rule.')];
  }
  const list = Object.keys(addable);
  const hint = nearest(target, [...Object.keys(fields), ...list]);
  const remedy = `Change a rule that is there${list.length > 0 ? `, or add one of: ${list.join(', ')}` : ''}.`;
  return [forbidden(at, `is not a field that an overlay may add${hint}`, remedy)];
}

/** What a rule says against the provider's facts. */
function loosened(target: string, base: Rule, change: Rule): MappingProblem[] {
  return providerFacts.flatMap((key) => {
    if (change[key] === undefined || deepEqual(change[key], base[key]) || isStricter(key, base, change)) return [];
    const message = `${key} is what the provider dictates, and an overlay can only make it stricter`;
    return [forbidden(['fields', target, key], message, `Leave ${key} out; it is inherited.`)];
  });
}

function isStricter(key: (typeof providerFacts)[number], base: Rule, change: Rule): boolean {
  switch (key) {
    case 'clear_reason':
      return true;
    case 'required':
      return change.required === true;
    case 'clear':
      return change.clear === 'unsupported';
    case 'max_length':
    case 'max_items':
      return (change[key] ?? 0) <= (base[key] ?? Number.POSITIVE_INFINITY);
    case 'one_of':
      return base.one_of === undefined || change.one_of?.every((value) => base.one_of?.includes(value)) === true;
    case 'on':
    case 'characters':
    case 'count':
      return base[key] === undefined && (key !== 'count' || base.max_length === undefined);
    default:
      return false;
  }
}

function ruleOf({ fields }: Mapping, target: string): Rule | undefined {
  return Object.hasOwn(fields, target) ? fields[target] : undefined;
}

function forbidden(at: MappingProblem['at'], message: string, remedy: string): MappingProblem {
  return { at, code: 'overlay', message, remedy };
}

/**
 * What a changed mapping does to the field that customers are found by. Without it, or with a value that changes or comes
 * and goes, the same customer would be created again.
 */
export function identityProblems(base: Mapping, changed: Mapping, target: string): MappingProblem[] {
  const at = ['fields', target];
  const [before, after] = [ruleOf(base, target), ruleOf(changed, target)];
  if (after === undefined) {
    return [forbidden(['remove', target], 'is what customers are found by', 'Change the rule instead of removing it.')];
  }
  const isSame = deepEqual(before?.from, after.from) && after.when === undefined && after.each === undefined;
  if (isSame) return [];
  const remedy = 'Keep its source; a reversible transform such as escape_id may be added.';
  return [forbidden(at, 'is what customers are found by, and must have the source it has', remedy)];
}
