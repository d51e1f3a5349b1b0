import type { Condition, Rule, Source } from '../../../schemas/mapping.js';
import { asValueSource, templatePaths, type ValueSource } from './source.js';

/** The keys that lead to a part of a mapping file. */
export type Pointer = readonly (string | number)[];

/** A path as it stands somewhere in a rule. */
export interface Place {
  readonly at: Pointer;
  readonly path: string;
  /** What the path starts at: the customer, or an item of the list that an `each` goes through. */
  readonly scope: 'customer' | 'item';
  readonly role: 'value' | 'condition' | 'other';
}

/** Every path that a rule reads from the customer or from an item, and where it stands in the rule. */
export function placesOf(rule: Rule): Place[] {
  const other = (at: Pointer, path: string): Place => ({ at, path, scope: 'customer', role: 'other' });
  return [
    ...sourcePlaces(rule, [], 'customer'),
    ...(rule.fallback ?? []).flatMap((source, index) => placesIn(source, ['fallback', index], 'customer')),
    ...Object.entries(rule.keyed?.flag ?? {}).map(([name, path]) => other(['keyed', 'flag', name], path)),
    ...(typeof rule.reverse === 'string' ? [other(['reverse'], rule.reverse)] : []),
  ];
}

function placesIn(source: Source, at: Pointer, scope: Place['scope']): Place[] {
  return typeof source === 'string' ? [{ at, path: source, scope, role: 'value' }] : sourcePlaces(source, at, scope);
}

/** Those of one source: a rule, or one of several places. */
export function sourcePlaces(source: ValueSource, at: Pointer, scope: Place['scope']): Place[] {
  const { from, template, object, each, when } = source;
  const value = (key: string, path: string): Place => ({ at: [...at, key], path, scope, role: 'value' });
  const members = (key: 'object' | 'each', inner: Place['scope']) =>
    Object.entries(source[key] ?? {}).flatMap(([name, member]) => placesIn(member, [...at, key, name], inner));
  return [
    ...(typeof from === 'string' ? [value('from', from)] : []),
    ...(Array.isArray(from) ? from.flatMap((one: Source, index) => placesIn(one, [...at, 'from', index], scope)) : []),
    ...templatePaths(template).map((path) => value('template', path)),
    ...(object === undefined ? [] : members('object', scope)),
    ...(each === undefined ? [] : members('each', 'item')),
    ...(when === undefined ? [] : conditionPlaces(when, [...at, 'when'], scope)),
  ];
}

function conditionPlaces(condition: Condition, at: Pointer, scope: Place['scope']): Place[] {
  const asked = (path: string, ...keys: Pointer): Place => ({ at: [...at, ...keys], path, scope, role: 'condition' });
  if ('present' in condition) return [asked(condition.present, 'present')];
  if ('equals' in condition) return [asked(condition.equals[0], 'equals', 0)];
  if ('in' in condition) return [asked(condition.in[0], 'in', 0)];
  if ('not' in condition) return conditionPlaces(condition.not, [...at, 'not'], scope);
  const key = 'all' in condition ? 'all' : 'any';
  const parts = 'all' in condition ? condition.all : condition.any;
  return parts.flatMap((part, index) => conditionPlaces(part, [...at, key, index], scope));
}

/** Every source within a source, itself among them, with its place. */
export function sourcesWithin(source: ValueSource, at: Pointer = []): { at: Pointer; source: ValueSource }[] {
  const inner = [
    ...(Array.isArray(source.from)
      ? source.from.map((one: Source, index): [Source, Pointer] => [one, ['from', index]])
      : []),
    ...Object.entries(source.object ?? {}).map(([name, one]): [Source, Pointer] => [one, ['object', name]]),
    ...Object.entries(source.each ?? {}).map(([name, one]): [Source, Pointer] => [one, ['each', name]]),
  ];
  return [{ at, source }, ...inner.flatMap(([one, keys]) => sourcesWithin(asValueSource(one), [...at, ...keys]))];
}
