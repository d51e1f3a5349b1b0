import type { Rule } from '../../schemas/mapping.js';
import type { Remark } from './finding.js';
import type { Flow } from './value-flow.js';

/** Settings of a rule that change nothing, so that whoever wrote them believes something that is not so. */
export function effectRemarks(rule: Rule, flow: Flow): Remark[] {
  return idleSettings(rule, flow).flatMap(({ key, because }) =>
    rule[key] === undefined
      ? []
      : [{ at: [key], code: 'no_effect', message: `${key} has no effect: ${because}`, remedy: `Remove ${key}.` }],
  );
}

interface Idle {
  readonly key: keyof Rule;
  readonly because: string;
}

function idleSettings(rule: Rule, flow: Flow): Idle[] {
  const { max_length, characters, one_of, max_items, keyed, read, compare, clear, on } = rule;
  const limits = [max_length, characters, one_of, max_items, keyed?.max_items, keyed?.max_key_length];
  const isLimited = [...limits, keyed?.max_value_length].some((limit) => limit !== undefined) || flow.mayFail;
  const canCut = [max_length, max_items, keyed?.max_value_length].some((limit) => limit !== undefined);
  const when = (holds: boolean, because: string, ...keys: (keyof Rule)[]) =>
    holds ? keys.map((key) => ({ key, because })) : [];
  return [
    ...when(!isLimited && keyed?.transform === undefined, 'the rule has no limit', 'overflow'),
    ...when(rule.overflow === 'truncate' && isLimited && !canCut, 'nothing here can be cut', 'overflow'),
    ...when(!isLimited, 'the rule has no limit', 'hint'),
    ...when(max_length === undefined, 'there is no max_length', 'count'),
    ...when(compare !== 'contains', 'it is for "compare": "contains"', 'hidden'),
    ...when(clear !== undefined && clear !== 'unsupported', 'the field can be cleared', 'clear_reason'),
    ...when(on === 'create', 'a create clears nothing', 'clear'),
    ...when(read === false, 'the field is not read', 'read_item', 'provider_members', 'compare', 'echo'),
    ...when(
      keyed !== undefined,
      'keyed has settings of its own',
      'required',
      'default',
      'fallback',
      'max_length',
      'count',
      'characters',
      'one_of',
      'max_items',
      'compare',
      'clear',
    ),
  ];
}
