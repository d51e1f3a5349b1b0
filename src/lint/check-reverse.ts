import type { Mapping, Rule, Source } from '../../schemas/mapping.js';
import { formatPath } from '../core/mapping/path.js';
import { compileWaysBack } from '../core/mapping/reverse.js';
import { asValueSource, type ValueSource } from '../core/mapping/source.js';
import type { Remark } from './finding.js';

/** Rules whose stored value nobody can lead back to the customer. */
export function reverseRemarks(rule: Rule): Remark[] {
  if (rule.read === false || rule.reverse !== undefined) return [];
  const lost = lostMembers(rule);
  if (lost.length === 0) return [];
  return lost.map((at) => ({
    at,
    code: 'no_reverse',
    message: 'what the provider stores cannot be led back to the customer',
    remedy: 'Add "reverse": the canonical field it belongs to, or false for none.',
  }));
}

/** Where information is lost: the rule itself, or members of the object it makes. */
function lostMembers(source: ValueSource): (readonly (string | number)[])[] {
  if (source.object === undefined) return compileWaysBack(source).length > 0 ? [] : [[]];
  return Object.entries(source.object).flatMap(([name, member]) =>
    isConstant(member) ? [] : lostMembers(asValueSource(member)).map((at) => ['object', name, ...at]),
  );
}

function isConstant(source: Source): boolean {
  return typeof source === 'object' && 'constant' in source;
}

/** Two rules that lead back to the same field: the later one would win in silence. */
export function sharedReverseRemarks({ fields }: Mapping): Remark[] {
  const owners = new Map<string, string>();
  return Object.entries(fields).flatMap(([target, rule]) => {
    if (rule.read === false) return [];
    return compileWaysBack(rule).flatMap(({ path }) => {
      const field = formatPath(path);
      const owner = owners.get(field);
      owners.set(field, owner ?? target);
      if (owner === undefined) return [];
      return [
        {
          at: ['fields', target],
          code: 'no_reverse',
          message: `leads back to ${field}, as ${owner} does`,
          remedy: 'Add "reverse": false to the one that does not tell the field.',
        },
      ];
    });
  });
}
