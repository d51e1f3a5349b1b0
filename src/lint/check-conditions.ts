import type { Condition } from '../../schemas/mapping.js';
import type { Pointer } from '../core/mapping/places.js';
import type { FieldType } from './field-type.js';
import type { Remark } from './finding.js';
import { kindsText, lookUp, type Scope, unknownPath } from './scope.js';

/** Whether a place of a type may hold a value. */
export function canBe(type: FieldType | undefined, value: unknown): boolean {
  if (type === undefined || value === null) return true;
  const kind = { string: 'text', number: 'number', boolean: 'boolean' }[String(typeof value)];
  if (![...type.kinds].some((one) => one === kind)) return false;
  return type.members === undefined || type.members.some((member) => member === value);
}

/** Parts of a condition that ask for what cannot be. */
export function conditionRemarks(condition: Condition, at: Pointer, scope: Scope): Remark[] {
  if ('present' in condition) return [...pathRemarks(condition.present, [...at, 'present'], scope)];
  if ('not' in condition) return conditionRemarks(condition.not, [...at, 'not'], scope);
  if ('all' in condition || 'any' in condition) {
    const [key, parts] = 'all' in condition ? ['all', condition.all] : ['any', condition.any];
    return parts.flatMap((part, index) => conditionRemarks(part, [...at, key, index], scope));
  }
  const [key, [path, expected]] = 'equals' in condition ? ['equals', condition.equals] : ['in', condition.in];
  const wanted: readonly unknown[] = Array.isArray(expected) ? expected : [expected];
  const found = lookUp(path, scope);
  if (typeof found === 'string') return pathRemarks(path, [...at, key, 0], scope);
  return wanted.flatMap((value, index) =>
    canBe(found.type, value)
      ? []
      : [never(Array.isArray(expected) ? [...at, key, 1, index] : [...at, key, 1], path, value, found.type)],
  );
}

function pathRemarks(path: string, at: Pointer, scope: Scope): Remark[] {
  return lookUp(path, scope) === 'missing' ? [unknownPath(path, at, scope)] : [];
}

function never(at: Pointer, path: string, value: unknown, { kinds, members = [] }: FieldType): Remark {
  return {
    at,
    code: 'unreachable',
    message: `${path} is never ${JSON.stringify(value)}: it is ${membersText(members) ?? kindsText(kinds)}`,
    remedy: 'Ask for a value that it can have, or remove this part.',
  };
}

const mostListed = 12;

/** `undefined` where there are none, or too many to be known. */
function membersText(members: readonly unknown[]): string | undefined {
  if (members.length === 0) return undefined;
  if (members.length > mostListed) return `one of ${members.length} others`;
  return `one of ${members.map((member) => JSON.stringify(member)).join(', ')}`;
}
