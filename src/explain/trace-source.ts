import type { Source } from '../../schemas/mapping.js';
import type { TransformStep } from '../../schemas/transforms.js';
import { compileCondition } from '../core/mapping/condition.js';
import { compileGetter, isObject, parsePath } from '../core/mapping/path.js';
import {
  askedPaths,
  asValueSource,
  compileSource,
  compileTransforms,
  sourcePaths,
  Unconvertible,
  type ValueSource,
} from '../core/mapping/source.js';

/** A place that was looked at, and what was there; without `value`, nothing was. */
export interface Read {
  readonly path: string;
  readonly value?: unknown;
}

/** What one transform made of the value before it. Without `value` it left none. */
export interface Step {
  readonly transform: TransformStep;
  readonly value?: unknown;
  /** The value could not be converted. */
  readonly failed?: true;
}

/** How a source came to its value. */
export interface SourceTrace {
  /** The source as the file has it, in one word: the path, the template, `constant`, `object`, `several`. */
  readonly kind: 'path' | 'several' | 'constant' | 'template' | 'object';
  readonly reads: readonly Read[];
  /** What its condition asked, and whether it holds. Absent where there is none. */
  readonly condition?: { readonly holds: boolean; readonly asked: readonly Read[] };
  /** With `several`: each in turn, up to the one that has a value. */
  readonly tried?: readonly SourceTrace[];
  readonly steps: readonly Step[];
  readonly value?: unknown;
  readonly failed?: true;
}

/** Follows a source step by step, over the customer or over a row. Values are those that a run computes. */
export function traceSource(source: ValueSource, root: unknown): SourceTrace {
  const { transform = [], when, each } = source;
  const kind = kindOf(source);
  const condition =
    when === undefined ? undefined : { holds: compileCondition(when)(root), asked: asked(source, root) };
  const described = { kind, reads: readsOf(source, root), ...(condition !== undefined && { condition }) };
  if (condition?.holds === false) return { ...described, steps: [] };
  const tried = Array.isArray(source.from) ? tryInTurn(source.from, root) : undefined;
  const { transform: _, when: _when, ...plain } = source;
  const raw = compileSource(plain)(root);
  const steps = raw instanceof Unconvertible ? [] : stepsOf(transform, raw);
  const result = raw instanceof Unconvertible ? failed : (steps.at(-1) ?? present(raw));
  return {
    ...described,
    ...(tried !== undefined && { tried }),
    steps: each === undefined ? steps : [{ transform: 'each', ...outcomeOf(raw) }, ...steps],
    ...('value' in result && { value: result.value }),
    ...('failed' in result && failed),
  };
}

const failed = { failed: true } as const;

function kindOf({ from, template, object }: ValueSource): SourceTrace['kind'] {
  if (typeof from === 'string') return 'path';
  if (from !== undefined) return 'several';
  if (template !== undefined) return 'template';
  return object === undefined ? 'constant' : 'object';
}

function readsOf(source: ValueSource, root: unknown): Read[] {
  return Array.isArray(source.from) ? [] : sourcePaths(source).map((path) => readAt(path, root));
}

function asked({ when }: ValueSource, root: unknown): Read[] {
  return [...new Set(askedPaths({ when }))].map((path) => readAt(path, root));
}

function readAt(path: string, root: unknown): Read {
  return { path, ...present(compileGetter(parsePath(path))(root)) };
}

/** `null` counts as no value here: the next place is asked, and only in the end it clears. */
function tryInTurn(sources: readonly Source[], root: unknown): SourceTrace[] {
  const tried: SourceTrace[] = [];
  for (const source of sources) {
    const trace = traceSource(asValueSource(source), root);
    tried.push(trace);
    if (trace.failed === true || (trace.value !== undefined && trace.value !== null)) break;
  }
  return tried;
}

/** Each transform's result. They are run anew from the start, since text may be empty on the way and only then not. */
function stepsOf(transforms: readonly TransformStep[], raw: unknown): Step[] {
  if (raw === undefined || raw === null) return [];
  const steps: Step[] = [];
  for (const [index, transform] of transforms.entries()) {
    const value = compileTransforms(transforms.slice(0, index + 1))(raw);
    steps.push({ transform, ...outcomeOf(value) });
    if (value instanceof Unconvertible) break;
  }
  return steps;
}

/** Each transform of the values of an object's keys: the object after it. A key that it leaves no value is gone. */
export function traceKeys(transforms: readonly TransformStep[] = [], object: unknown): Step[] {
  if (!isObject(object)) return [];
  return transforms.map((transform, index) => {
    const convert = compileTransforms(transforms.slice(0, index + 1));
    const converted = Object.entries(object).map(
      ([key, value]) => [key, value === null ? null : convert(value)] as const,
    );
    if (converted.some(([, value]) => value instanceof Unconvertible)) return { transform, ...failed };
    return { transform, value: Object.fromEntries(converted.filter(([, value]) => value !== undefined)) };
  });
}

function outcomeOf(value: unknown): { readonly value?: unknown; readonly failed?: true } {
  return value instanceof Unconvertible ? failed : present(value);
}

function present(value: unknown): { readonly value?: unknown } {
  return value === undefined ? {} : { value };
}
