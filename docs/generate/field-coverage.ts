import type { Mapping, Rule } from '../../schemas/mapping.js';
import { canonicalPaths } from '../../src/core/customer/canonical-paths.js';
import { parsePath } from '../../src/core/mapping/path.js';
import { sourcePaths } from '../../src/core/mapping/source.js';
import { code, codes } from './markdown.js';

export type Status = 'mapped' | 'partly' | 'no';

/** What one provider does with one field of the customer; every text says something. */
export interface FieldCoverage {
  readonly field: string;
  readonly status: Status;
  /** The provider's field, and how it differs from a copy; or why there is none. */
  readonly where: string;
  readonly cleared: string;
  readonly write: string;
  readonly limits: string;
  readonly readBack: string;
}

/** Fields that say something about the row, not about the customer at a provider. */
const aboutTheRow = ['updated_at', 'deleted', 'provider_fields'];

/** Objects whose members have rows of their own. */
const objects = ['address', 'shipping_address'];

export const coveredFields = canonicalPaths.filter((path) => ![...aboutTheRow, ...objects].includes(path));

export function coverageOf(mapping: Mapping): FieldCoverage[] {
  return coveredFields.map((field) => fieldCoverage(field, mapping));
}

/** What the provider has beyond the customer model. */
export function ownFieldCoverage(mapping: Mapping): FieldCoverage[] {
  const own = `provider_fields.${mapping.provider}.`;
  const paths = Object.values(mapping.fields).flatMap((rule) => rulePaths(rule).filter((path) => path.startsWith(own)));
  return [...new Set(paths)].map((field) => fieldCoverage(field, mapping));
}

function fieldCoverage(field: string, mapping: Mapping): FieldCoverage {
  const users = Object.entries(mapping.fields).filter(([, rule]) => rulePaths(rule).some((path) => isIn(path, field)));
  const [main, ...more] = users.filter(([, rule]) => isIn(primaryPaths(rule)[0] ?? '', field));
  if (main === undefined) return withoutRule(field, users, mapping);
  const [target, rule] = main;
  const also = more.length === 0 ? [] : [`also in ${codes(more.map(([other]) => other))}`];
  const differences = differencesOf(field, rule);
  return {
    field,
    status: differences.length === 0 ? 'mapped' : 'partly',
    where: [code(target), ...differences, ...also].join('; '),
    cleared: field === 'id' ? 'no: it is the identity' : clearedBy(rule),
    write: writtenAs(rule),
    limits: limitsOf(rule),
    readBack: readBack(rule),
  };
}

function withoutRule(field: string, users: readonly [string, Rule][], { unsupported = {} }: Mapping): FieldCoverage {
  const [outer = field] = field.split('.');
  const reason = unsupported[field] ?? unsupported[outer];
  const flagged = users.find(([, { keyed }]) => Object.values(keyed?.flag ?? {}).includes(field));
  const stands = users.map(([target]) => code(target));
  const where =
    flagged === undefined ? (reason ?? `only stands in, for ${stands.join(', ')}`) : `in ${stands.join(', ')}`;
  const status = users.length > 0 ? 'partly' : 'no';
  const none = flagged === undefined ? 'not applicable' : `with ${stands.join(', ')}`;
  return { field, status, where, cleared: none, write: none, limits: none, readBack: none };
}

/** Every path of a customer that a rule looks at for a value. */
function rulePaths(rule: Rule): string[] {
  return [
    ...sourcePaths(rule),
    ...sourcePaths({ from: rule.fallback }),
    ...Object.values(rule.keyed?.flag ?? {}),
    ...(typeof rule.reverse === 'string' ? [rule.reverse] : []),
  ];
}

function primaryPaths(rule: Rule): readonly string[] {
  return typeof rule.reverse === 'string' ? [rule.reverse] : sourcePaths(rule);
}

function isIn(path: string, field: string): boolean {
  return path === field || path.startsWith(`${field}.`);
}

function differencesOf(field: string, rule: Rule): string[] {
  const [first = '', ...others] = sourcePaths(rule);
  const steps = [...(rule.transform ?? []), ...(rule.keyed?.transform ?? [])];
  const keys = primaryPaths(rule).filter((path) => isIn(path, field) && path !== field);
  return [
    ...(keys.length > 0 ? [`only ${codes(keys.map((path) => parsePath(path).slice(1).join('.')))}`] : []),
    ...(keys.length === 0 && others.length > 0 && first !== ''
      ? [`where it is absent: ${codes([...new Set(others)])}`]
      : []),
    ...(rule.default === undefined ? [] : [`a new customer without it gets ${code(JSON.stringify(rule.default))}`]),
    ...(rule.fallback === undefined ? [] : ['a new customer without it gets a stand-in']),
    ...(steps.length > 0 ? [`through ${codes(steps.map(stepName))}`] : []),
    ...(rule.when === undefined ? [] : ['under a condition']),
    ...(rule.on === undefined ? [] : [`on ${rule.on} only`]),
    ...(rule.overflow === 'drop' ? ['left out where it is over a limit'] : []),
  ];
}

function stepName(step: unknown): string {
  return typeof step === 'string' ? step : (Object.keys(Object(step))[0] ?? '');
}

function clearedBy({ on, keyed, clear = 'unsupported', clear_reason: reason }: Rule): string {
  if (on === 'create') return 'no: set on create only';
  if (keyed?.write === 'merge') return `key by key, by ${code(JSON.stringify(keyed.delete ?? null))}`;
  if (keyed !== undefined) return 'key by key, left out of the whole';
  if (clear === 'unsupported') return `no: ${reason ?? 'no way is known'}`;
  return `by ${code(clear === 'null' ? 'null' : '""')}`;
}

function writtenAs({ keyed, items }: Rule): string {
  if (keyed?.write === 'merge') return 'merged by the provider';
  if (keyed !== undefined) return 'replaced whole; stored keys are read first and kept';
  return items === undefined ? 'replaces the value' : 'replaced whole; stored items keep their id';
}

function limitsOf(rule: Rule): string {
  const { keyed, one_of: members } = rule;
  const limits = [
    ...(rule.required ? ['required'] : []),
    ...(rule.max_length === undefined ? [] : [`${rule.max_length} ${rule.count ?? 'characters'}`]),
    ...(rule.characters === undefined ? [] : [`only ${code(rule.characters)}`]),
    ...(members === undefined
      ? []
      : [members.length > 6 ? `one of ${members.length} values` : codes(members.map(String))]),
    ...(rule.max_items === undefined ? [] : [`${rule.max_items} items`]),
    ...(keyed?.max_items === undefined ? [] : [`${keyed.max_items} keys`]),
    ...(keyed?.max_key_length === undefined ? [] : [`keys of ${keyed.max_key_length} characters`]),
    ...(keyed?.max_value_length === undefined ? [] : [`values of ${keyed.max_value_length} characters`]),
  ];
  if (limits.length === 0) return 'none known';
  const over = { error: 'refused', truncate: 'cut off', drop: 'left out' }[rule.overflow ?? 'error'];
  const isOnlyRequired = limits.length === 1 && rule.required === true;
  return isOnlyRequired ? 'required' : `${limits.join(', ')}; over it: ${over}`;
}

function readBack({ read, echo, compare = 'exact', hidden = [] }: Rule): string {
  if (read === false) return 'no: the provider does not show it';
  const late = echo === false ? ', only after a while' : '';
  const but = hidden.length > 0 ? `, but for ${codes(hidden)}` : '';
  const how = { exact: '', ignore_case: ', in any case', ignore_order: ', in any order', contains: ', may hold more' };
  return `yes${how[compare]}${but}${late}`;
}
