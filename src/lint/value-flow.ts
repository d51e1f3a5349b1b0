import type { Source } from '../../schemas/mapping.js';
import { type Transform, type TransformStep, transforms, type ValueKind } from '../../schemas/transforms.js';
import { isObject } from '../core/mapping/path.js';
import type { Pointer } from '../core/mapping/places.js';
import { templatePaths, type ValueSource } from '../core/mapping/source.js';
import { conditionRemarks } from './check-conditions.js';
import { type FieldType, itemSchema } from './field-type.js';
import type { Remark } from './finding.js';
import { accepts, kindsText, lookUp, mismatch, type Scope, unknownPath } from './scope.js';

/** What a source makes of all the customers there can be. */
export interface Flow {
  /** Absent where it cannot be told. */
  readonly type: FieldType | undefined;
  /** Whether some values cannot be converted on the way. */
  readonly mayFail: boolean;
  readonly remarks: readonly Remark[];
}

const scalarKinds: readonly ValueKind[] = ['text', 'number', 'boolean'];

export function flowOf(source: ValueSource, at: Pointer, scope: Scope): Flow {
  const asked = source.when === undefined ? [] : conditionRemarks(source.when, [...at, 'when'], scope);
  const place = flowOfPlace(source, at, scope);
  const start = { ...place, remarks: [...asked, ...place.remarks] };
  const shaped = source.each === undefined ? start : flowOfEach(start, source.each, at, scope);
  return (source.transform ?? []).reduce(
    (flow, step, index) => flowThrough(flow, step, [...at, 'transform', index]),
    shaped,
  );
}

function flowOfPlace({ from, constant, template, object }: ValueSource, at: Pointer, scope: Scope): Flow {
  if (typeof from === 'string') return flowOfPath(from, [...at, 'from'], scope);
  if (from !== undefined) {
    return eitherOf(from.map((one, index) => flowOfOne(one, [...at, 'from', index], scope)));
  }
  if (template !== undefined) return flowOfTemplate(template, [...at, 'template'], scope);
  if (object !== undefined) return flowOfShape(object, [...at, 'object'], scope, { kinds: new Set(['object']) });
  return { type: typeOfConstant(constant), mayFail: false, remarks: [] };
}

export function flowOfOne(source: Source, at: Pointer, scope: Scope): Flow {
  return typeof source === 'string' ? flowOfPath(source, at, scope) : flowOf(source, at, scope);
}

function flowOfPath(path: string, at: Pointer, scope: Scope): Flow {
  const found = lookUp(path, scope);
  if (found === 'unknown') return { type: undefined, mayFail: false, remarks: [] };
  if (found !== 'missing') return { type: found.type, mayFail: false, remarks: [] };
  return { type: undefined, mayFail: false, remarks: [unknownPath(path, at, scope)] };
}

function flowOfTemplate(template: string, at: Pointer, scope: Scope): Flow {
  const parts = templatePaths(template).map((path) => ({ path, flow: flowOfPath(path, at, scope) }));
  const remarks = parts.flatMap(({ path, flow }) => [
    ...flow.remarks,
    ...(accepts(scalarKinds, flow.type) === 'none'
      ? [mismatch(at, `a template writes text, and ${path} is ${kindsText(flow.type?.kinds ?? [])}`)]
      : []),
  ]);
  const mayFail = parts.some(({ flow }) => accepts(scalarKinds, flow.type) !== 'all');
  return { type: { kinds: new Set(['text']) }, mayFail, remarks };
}

function flowOfShape(shape: Readonly<Record<string, Source>>, at: Pointer, scope: Scope, type: FieldType): Flow {
  const members = Object.entries(shape).map(([name, source]) => flowOfOne(source, [...at, name], scope));
  return {
    type,
    mayFail: members.some(({ mayFail }) => mayFail),
    remarks: members.flatMap(({ remarks }) => remarks),
  };
}

function flowOfEach(list: Flow, shape: NonNullable<ValueSource['each']>, at: Pointer, { own }: Scope): Flow {
  const item = { schema: list.type === undefined ? undefined : itemSchema(list.type) };
  const items = flowOfShape(shape, [...at, 'each'], { own, item }, { kinds: new Set(['list']) });
  const fits = accepts(['list'], list.type);
  return {
    type: items.type,
    mayFail: list.mayFail || items.mayFail || fits !== 'all',
    remarks: [
      ...list.remarks,
      ...(fits === 'none'
        ? [mismatch([...at, 'each'], `each goes through a list, and the value is ${kindsText(list.type?.kinds ?? [])}`)]
        : []),
      ...items.remarks,
    ],
  };
}

function flowThrough(flow: Flow, step: TransformStep, at: Pointer): Flow {
  const [name, options] = typeof step === 'string' ? [step, undefined] : (Object.entries(step)[0] ?? ['', undefined]);
  const transform = (transforms as Readonly<Record<string, Transform>>)[name];
  if (transform === undefined) return flow;
  const fits = accepts(transform.takes, flow.type);
  const before = kindsText(flow.type?.kinds ?? []);
  const wrong = mismatch(at, `"${name}" takes ${kindsText(transform.takes)}, and the value is ${before}`);
  const refuses = transform.partial?.(options) === true && !convertsAll(transform, options, flow.type);
  return {
    type: typeAfter(name, transform, options, flow.type),
    mayFail: flow.mayFail || fits !== 'all' || refuses,
    remarks: fits === 'none' ? [...flow.remarks, wrong] : flow.remarks,
  };
}

/** Where all values are known, whether a transform that refuses some takes every one of them. */
function convertsAll(transform: Transform, options: unknown, type: FieldType | undefined): boolean {
  return type?.members?.every((member) => transform.apply(member, options) !== undefined) === true;
}

function typeAfter(name: string, transform: Transform, options: unknown, before: FieldType | undefined): FieldType {
  const kinds = new Set(transform.gives);
  if (before?.members !== undefined) {
    const members = before.members.map((member) => transform.apply(member, options)).filter(isScalar);
    return typeOfMembers(members);
  }
  const given = membersGiven(name, options);
  if (given !== undefined) return typeOfMembers(given);
  const keepsLength = ['trim', 'collapse_spaces', 'lower', 'first_word', 'rest_words'].includes(name);
  return { kinds, ...(keepsLength && before?.maxLength !== undefined && { maxLength: before.maxLength }) };
}

/** All the values that a transform can give, where it has a list of them. */
function membersGiven(name: string, options: unknown): readonly (string | number | boolean)[] | undefined {
  if (name === 'locale_match') return Array.isArray(options) ? options.filter(isScalar) : undefined;
  if (name !== 'lookup' || !isObject(options)) return undefined;
  const table = isObject(options['table']) ? Object.values(options['table']) : [];
  return [...table, options['otherwise']].filter(isScalar);
}

function typeOfMembers(members: readonly (string | number | boolean)[]): FieldType {
  return {
    kinds: new Set(members.map(kindOfScalar)),
    members,
    maxLength: Math.max(0, ...members.map((member) => String(member).length)),
  };
}

function kindOfScalar(value: string | number | boolean): ValueKind {
  return typeof value === 'string' ? 'text' : typeof value === 'number' ? 'number' : 'boolean';
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function typeOfConstant(constant: unknown): FieldType | undefined {
  if (!isScalar(constant)) return undefined;
  return typeOfMembers([constant]);
}

/** What comes from one of several flows. A constant `null` has no type of its own. */
function eitherOf(flows: readonly Flow[]): Flow {
  const types = flows.flatMap(({ type }) => (type === undefined ? [] : [type]));
  const isKnown = types.length === flows.length && types.length > 0;
  return {
    type: isKnown ? types.reduce(eitherType) : undefined,
    mayFail: flows.some(({ mayFail }) => mayFail),
    remarks: flows.flatMap(({ remarks }) => remarks),
  };
}

function eitherType(a: FieldType, b: FieldType): FieldType {
  const members = a.members !== undefined && b.members !== undefined ? [...a.members, ...b.members] : undefined;
  const bothLengths = a.maxLength !== undefined && b.maxLength !== undefined;
  return {
    kinds: new Set([...a.kinds, ...b.kinds]),
    ...(members !== undefined && { members }),
    ...(bothLengths && { maxLength: Math.max(a.maxLength ?? 0, b.maxLength ?? 0) }),
  };
}
