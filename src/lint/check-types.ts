import type { Rule } from '../../schemas/mapping.js';
import type { ValueKind } from '../../schemas/transforms.js';
import type { Pointer } from '../core/mapping/places.js';
import { type Place, placesOf } from '../core/mapping/places.js';
import { canBe } from './check-conditions.js';
import type { FieldType } from './field-type.js';
import type { Remark } from './finding.js';
import { accepts, kindsText, lookUp, mismatch, type Scope, unknownPath } from './scope.js';
import { type Flow, flowOfOne } from './value-flow.js';

/** What a rule does to values of kinds that it cannot be for. */
export function typeRemarks(rule: Rule, flow: Flow, scope: Scope): Remark[] {
  return [
    ...flow.remarks,
    ...(rule.fallback ?? []).flatMap((source, index) => flowOfOne(source, ['fallback', index], scope).remarks),
    ...wantedKinds(rule).flatMap(({ at, kinds, what }) =>
      accepts(kinds, flow.type) === 'none'
        ? [mismatch(at, `${what} is for ${kindsText(kinds)}, and the value is ${kindsText(flow.type?.kinds ?? [])}`)]
        : [],
    ),
    ...placesOf(rule)
      .filter(({ role, scope: start }) => role === 'other' && start === 'customer')
      .flatMap((place) => otherPlaceRemarks(place, scope)),
    ...memberRemarks(rule, flow.type),
  ];
}

function wantedKinds(rule: Rule): { at: Pointer; kinds: readonly ValueKind[]; what: string }[] {
  const options: readonly [keyof Rule, readonly ValueKind[]][] = [
    ['keyed', ['object']],
    ['items', ['list']],
    ['max_items', ['list']],
    ['max_length', ['text']],
    ['characters', ['text']],
  ];
  return options.flatMap(([key, kinds]) => (rule[key] === undefined ? [] : [{ at: [key], kinds, what: key }]));
}

function otherPlaceRemarks({ path, at }: Place, scope: Scope): Remark[] {
  const found = lookUp(path, scope);
  if (found === 'missing') return [unknownPath(path, at, scope)];
  if (found === 'unknown' || at[0] !== 'keyed' || accepts(['list'], found.type) !== 'none') return [];
  return [mismatch(at, `a flag is a list of keys, and ${path} is ${kindsText(found.type.kinds)}`)];
}

/** Values in `one_of` and in `default` that no customer, or not this provider, can have. */
function memberRemarks({ one_of: allowed = [], default: standIn }: Rule, type: FieldType | undefined): Remark[] {
  const strays = allowed.filter((value) => !canBe(type, value));
  const isRefused = standIn !== undefined && standIn !== null && allowed.length > 0 && !allowed.includes(standIn);
  return [
    ...(strays.length > 0 && strays.length === allowed.length
      ? [mismatch(['one_of'], `no customer has one of these values (${kindsText(type?.kinds ?? [])})`)]
      : []),
    ...(isRefused ? [mismatch(['default'], 'is not one of the values in one_of')] : []),
  ];
}
