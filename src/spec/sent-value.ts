import type { Rule } from '../../schemas/mapping.js';
import type { ValueKind } from '../../schemas/transforms.js';
import { asValueSource, sourcePaths, type ValueSource } from '../core/mapping/source.js';
import type { FieldType, OwnFields } from '../lint/field-type.js';
import { flowOf } from '../lint/value-flow.js';

/** What a rule may send, as far as that can be told. */
export interface SentValue extends Partial<FieldType> {
  /** The fields of the customer that it comes from, unchanged. */
  readonly copiedFrom: readonly string[];
  /** Whether every customer has it. */
  readonly always: boolean;
}

export function sentValue(rule: Rule, own: OwnFields): SentValue {
  const { max_length: max = Infinity, transform } = rule;
  const type = typeOf(rule, own);
  const members = rule.one_of ?? type?.members;
  const maxLength = Math.min(max, type?.maxLength ?? Infinity);
  return {
    ...type,
    ...(members !== undefined && { members, kinds: new Set(members.map(kindOf)) }),
    ...(Number.isFinite(maxLength) && { maxLength }),
    copiedFrom: transform === undefined ? sourcePaths(rule) : [],
    always: rule.when === undefined && (rule.required === true || rule.default !== undefined || isAlwaysThere(rule)),
  };
}

function kindOf(member: string | number | boolean): ValueKind {
  return typeof member === 'string' ? 'text' : typeof member === 'number' ? 'number' : 'boolean';
}

/** Absent where it cannot be told. */
function typeOf(rule: Rule, own: OwnFields): FieldType | undefined {
  if (rule.keyed !== undefined) return { kinds: new Set([rule.keyed.shape === 'map' ? 'object' : 'list']) };
  const { type } = flowOf(rule, [], { own });
  if (type === undefined || rule.fallback === undefined) return type;
  const standIn = flowOf({ from: rule.fallback }, [], { own }).type;
  if (standIn === undefined) return undefined;
  // Which values and lengths a stand-in adds is of no account: it is one of the customer's own fields, or a constant.
  const { members: _members, maxLength: _maxLength, ...rest } = type;
  return { ...rest, kinds: new Set([...type.kinds, ...standIn.kinds]) };
}

/** A constant, or our id, which every customer has. */
function isAlwaysThere({ from, constant, object, when }: ValueSource): boolean {
  if (when !== undefined) return false;
  if (typeof from === 'string') return from === 'id';
  if (from !== undefined) return from.some((place) => isAlwaysThere(asValueSource(place)));
  if (object !== undefined) return Object.values(object).some((place) => isAlwaysThere(asValueSource(place)));
  return constant !== undefined && constant !== null;
}
