import type { Rule } from '../../schemas/mapping.js';
import { compileLimits } from '../core/mapping/limits.js';
import type { Pointer } from '../core/mapping/places.js';
import type { FieldType } from './field-type.js';
import type { Remark } from './finding.js';
import type { Flow } from './value-flow.js';

/** Limits that a valid customer can exceed while the rule does not say what happens then. */
export function limitRemarks(rule: Rule, flow: Flow): Remark[] {
  if (rule.overflow !== undefined) return [];
  const reasons = [...(flow.mayFail ? [{ at: ['transform'], what: 'some values cannot be converted' }] : [])];
  return [...reasons, ...exceeded(rule, flow.type)].slice(0, 1).map(({ at, what }) => ({
    at,
    code: 'limit_without_policy',
    message: `${what}, and the rule does not say what happens then`,
    remedy: 'Add "overflow": "error", "truncate" or "drop".',
  }));
}

interface Exceeded {
  readonly at: Pointer;
  readonly what: string;
}

function exceeded(rule: Rule, type: FieldType | undefined): Exceeded[] {
  const { max_length: length, characters, one_of: allowed, max_items: items, keyed } = rule;
  const mayBeText = type === undefined || type.kinds.has('text');
  const mayBeList = type === undefined || type.kinds.has('list');
  return [
    ...(length !== undefined && mayBeText && !isWithin(rule, 'max_length', type)
      ? [{ at: ['max_length'], what: `a customer may have more than ${length} ${rule.count ?? 'characters'}` }]
      : []),
    ...(characters !== undefined && mayBeText && !isWithin(rule, 'characters', type)
      ? [{ at: ['characters'], what: `a customer may have characters outside ${characters}` }]
      : []),
    ...(allowed !== undefined && !isWithin(rule, 'one_of', type)
      ? [{ at: ['one_of'], what: 'a customer may have a value that is not in one_of' }]
      : []),
    ...(items !== undefined && mayBeList
      ? [{ at: ['max_items'], what: `a customer may have more than ${items} items` }]
      : []),
    ...(['max_items', 'max_key_length', 'max_value_length'] as const).flatMap((key) =>
      keyed?.[key] === undefined ? [] : [{ at: ['keyed', key], what: `a customer may exceed ${key} (${keyed[key]})` }],
    ),
  ];
}

/** Whether every value of a type keeps to one limit of a rule. */
function isWithin(rule: Rule, limit: 'max_length' | 'characters' | 'one_of', type: FieldType | undefined): boolean {
  const check = compileLimits({ [limit]: rule[limit], ...(limit === 'max_length' && { count: rule.count }) });
  if (type?.members !== undefined) return type.members.every((member) => check?.(member).kind !== 'over');
  if (limit !== 'max_length' || type?.maxLength === undefined) return false;
  // A code point has up to four bytes.
  return type.maxLength * (rule.count === 'bytes' ? 4 : 1) <= (rule.max_length ?? 0);
}
