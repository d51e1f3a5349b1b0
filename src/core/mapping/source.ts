import type { Source } from '../../../schemas/mapping.js';
import { type Transform, type TransformStep, transforms } from '../../../schemas/transforms.js';
import { compileGetter, type Getter, isObject, parsePath } from './path.js';

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

interface ValueSource {
  readonly from?: string | readonly Source[] | undefined;
  readonly constant?: unknown;
  readonly template?: string | undefined;
  readonly transform?: readonly TransformStep[] | undefined;
}

/** Reads a value: `undefined` = absent, `null` = clear, `Unconvertible` = a transform failed. */
export function compileSource({ from, constant, template, transform }: ValueSource): Getter {
  return withTransforms(compilePlace({ from, constant, template }), transform ?? []);
}

function compilePlace({ from, constant, template }: ValueSource): Getter {
  if (typeof from === 'string') return compileGetter(parsePath(from));
  if (from !== undefined) return firstWithValue(from.map(compileAlternative));
  if (template !== undefined) return compileTemplate(template);
  return () => constant;
}

function compileAlternative(source: Source): Getter {
  return compileSource(typeof source === 'string' ? { from: source } : source);
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

function compileTemplate(template: string): Getter {
  const parts = template.split(/\{([^{}]+)\}/);
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

/** Source paths that a rule reads, for checks and for naming the field. */
export function sourcePaths({ from, template }: ValueSource): readonly string[] {
  if (typeof from === 'string') return [from];
  if (from !== undefined)
    return from.flatMap((source) => sourcePaths(typeof source === 'string' ? { from: source } : source));
  return template === undefined ? [] : [...template.matchAll(/\{([^{}]+)\}/g)].map((match) => match[1] ?? '');
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
    if (inverse === undefined) return undefined;
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
