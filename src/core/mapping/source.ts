import type { Condition, Shape, Source } from '../../../schemas/mapping.js';
import { type Transform, type TransformStep, transforms } from '../../../schemas/transforms.js';
import { compileCondition, conditionPaths } from './condition.js';
import { compileGetter, compileSetter, type Getter, isObject, parsePath } from './path.js';

/**
 * A value that a transform or a template could not convert. Carried as a value, so that the caller can say which field
 * it was.
 */
export class Unconvertible {
  readonly transform: string;

  constructor(transform: string) {
    this.transform = transform;
  }
}

/** What a rule and one of several places have in common. */
export interface ValueSource {
  readonly from?: string | readonly Source[] | undefined;
  readonly constant?: unknown;
  readonly template?: string | undefined;
  readonly object?: Shape | undefined;
  readonly each?: Shape | undefined;
  readonly transform?: readonly TransformStep[] | undefined;
  readonly when?: Condition | undefined;
}

/** Reads a value: `undefined` = absent, `null` = clear, `Unconvertible` = a transform failed. Its `when` is not asked. */
export function compileSource({ transform, each, ...place }: ValueSource): Getter {
  const get = compilePlace(place);
  return withTransforms(each === undefined ? get : compileEach(get, each), transform ?? []);
}

function compilePlace({ from, constant, template, object }: ValueSource): Getter {
  if (typeof from === 'string') return compileGetter(parsePath(from));
  if (from !== undefined) return firstWithValue(from.map(compileAlternative));
  if (template !== undefined) return compileTemplate(template);
  if (object !== undefined) return compileShape(object);
  return () => constant;
}

/** One of several places, asked only where its `when` holds. */
export function compileAlternative(alternative: Source): Getter {
  const source = asValueSource(alternative);
  const get = compileSource(source);
  if (source.when === undefined) return get;
  const applies = compileCondition(source.when);
  return (root) => (applies(root) ? get(root) : undefined);
}

export function asValueSource(source: Source): ValueSource {
  return typeof source === 'string' ? { from: source } : source;
}

/**
 * An object with the members that have a value. What is built is sent whole, so a member that is `null` is simply not in
 * it; with no member left, one `null` among them clears.
 */
function compileShape(shape: Shape): Getter {
  const members = Object.entries(shape).map(
    ([path, source]) => [compileSetter(parsePath(path)), compileAlternative(source)] as const,
  );
  return (root) => {
    let built: Record<string, unknown> | undefined;
    let empty: null | undefined;
    for (const [put, get] of members) {
      const value = get(root);
      if (value instanceof Unconvertible) return value;
      if (value === null) empty = null;
      if (value === null || value === undefined) continue;
      built ??= {};
      put(built, value);
    }
    return built ?? empty;
  };
}

/** Gives each item of a list a shape. An item that has none of the members is left out. */
function compileEach(get: Getter, shape: Shape): Getter {
  const build = compileShape(shape);
  return (root) => {
    const list = get(root);
    if (list === undefined || list === null || list instanceof Unconvertible) return list;
    if (!Array.isArray(list)) return new Unconvertible('each');
    const items: unknown[] = [];
    for (const item of list) {
      const built = build(item);
      if (built instanceof Unconvertible) return built;
      if (built !== undefined && built !== null) items.push(built);
    }
    return items;
  };
}

/** The first that has a value; `null` only when none has and one of them asks to clear. */
export function firstWithValue(getters: readonly Getter[]): Getter {
  return (root) => {
    let empty: null | undefined;
    for (const get of getters) {
      const value = get(root);
      if (value === null) empty = null;
      else if (value !== undefined) return value;
    }
    return empty;
  };
}

/** A template cut at its paths: text at even places, paths at odd ones. */
function templateParts(template: string): string[] {
  return template.split(/\{([^{}]+)\}/);
}

function compileTemplate(template: string): Getter {
  const parts = templateParts(template);
  const getters = parts.map((part, index) => (index % 2 === 1 ? compileGetter(parsePath(part)) : undefined));
  return (root) => {
    let found = false;
    let text = '';
    for (const [index, get] of getters.entries()) {
      const value = get === undefined ? parts[index] : get(root);
      if (value === undefined || value === null) continue;
      if (isObject(value)) return new Unconvertible('template');
      if (get !== undefined) found = true;
      text += String(value);
    }
    return found ? text.replace(/\s+/g, ' ').trim() || undefined : undefined;
  };
}

/**
 * The places of the customer that a rule takes its value from, for checks and for naming the field. Those of a condition
 * are not among them, nor those that start at the item of a list.
 */
export function sourcePaths({ from, template, object }: ValueSource): readonly string[] {
  if (typeof from === 'string') return [from];
  if (from !== undefined) return from.flatMap((source) => sourcePaths(asValueSource(source)));
  if (object !== undefined) return Object.values(object).flatMap((source) => sourcePaths(asValueSource(source)));
  return templatePaths(template);
}

/** The paths in the braces of a template. */
export function templatePaths(template = ''): string[] {
  return templateParts(template).filter((_, index) => index % 2 === 1);
}

/** The text around them. */
export function templateTexts(template: string): string[] {
  return templateParts(template).filter((_, index) => index % 2 === 0);
}

/** Every place that the conditions of a rule ask, those of its several places too. */
export function askedPaths({ from, object, when }: ValueSource): readonly string[] {
  const inner = [...(Array.isArray(from) ? from : []), ...Object.values(object ?? {})];
  return [
    ...(when === undefined ? [] : conditionPaths(when)),
    ...inner.flatMap((source: Source) => askedPaths(asValueSource(source))),
  ];
}

export function withTransforms(get: Getter, steps: readonly TransformStep[]): Getter {
  if (steps.length === 0) return get;
  const apply = compileTransforms(steps);
  return (root) => {
    const value = get(root);
    return value === undefined || value === null || value instanceof Unconvertible ? value : apply(value);
  };
}

/**
 * The steps as one function. "No value" comes back as `undefined`, and so does the `""` that is left of blank text: a
 * transform never asks to clear.
 */
export function compileTransforms(steps: readonly TransformStep[]): (value: unknown) => unknown {
  const compiled = steps.map(resolveStep);
  return (input) => {
    let value = input;
    for (const { name, transform, options } of compiled) {
      value = transform.apply(value, options);
      if (value === undefined) return new Unconvertible(name);
      if (value === null) return undefined;
    }
    return value === '' ? undefined : value;
  };
}

/** Undoes the steps, or `undefined` when one of them loses information. */
export function compileInverse(steps: readonly TransformStep[]): ((value: unknown) => unknown) | undefined {
  const inverses: ((value: unknown) => unknown)[] = [];
  for (const step of [...steps].reverse()) {
    const { transform, options } = resolveStep(step);
    const { inverse } = transform;
    if (inverse === undefined || transform.isLossy?.(options) === true) return undefined;
    inverses.push((value) => inverse(value, options));
  }
  return (value) =>
    inverses.reduce((current, inverse) => (current === undefined ? undefined : inverse(current)), value);
}

function resolveStep(step: TransformStep) {
  const [name, options] = typeof step === 'string' ? [step, undefined] : (Object.entries(step)[0] ?? ['', undefined]);
  // The schema accepted the step, so the name is one of the list and the options are of its type.
  const transform = (transforms as Readonly<Record<string, Transform>>)[name];
  if (transform === undefined) throw new RangeError(`unknown transform "${name}"`);
  return { name, transform, options };
}
