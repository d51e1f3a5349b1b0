import type { Rule, Shape, Source } from '../../../schemas/mapping.js';
import { compileGetter, compileSetter, isObject, parsePath } from './path.js';
import { asValueSource, compileInverse, type ValueSource } from './source.js';

/** One place of the customer that a stored value goes back to. */
export interface WayBack {
  readonly path: readonly string[];
  /** The provider's form back to the canonical one; a stored value that cannot have come from there stays as it is. */
  readonly undo: (stored: unknown) => unknown;
}

/** Where what the provider stores belongs in an observed customer. Empty where that cannot be told. */
export function compileWaysBack(rule: ValueSource & Pick<Rule, 'reverse'>): readonly WayBack[] {
  if (rule.reverse === false) return [];
  if (typeof rule.reverse === 'string') {
    return [{ path: parsePath(rule.reverse), undo: orAsItIs(compileUndo(rule)) }];
  }
  return waysBack(rule);
}

/** What was written goes back where it came from when that is one plain path, or an object of such. */
function waysBack(source: ValueSource): readonly WayBack[] {
  const { from, object } = source;
  if (object !== undefined) return objectWaysBack(object, source);
  // Of several places the first is the field itself; the others stand in for it.
  const first = Array.isArray(from) ? from[0] : from;
  if (typeof first !== 'string') return [];
  const undo = compileUndo(source);
  return undo === undefined ? [] : [{ path: parsePath(first), undo: orAsItIs(undo) }];
}

function objectWaysBack(shape: Shape, { transform = [] }: ValueSource): readonly WayBack[] {
  const undoWhole = compileInverse(transform);
  if (undoWhole === undefined) return [];
  return Object.entries(shape).flatMap(([member, source]) => {
    const get = compileGetter(parsePath(member));
    return waysBack(asValueSource(source)).map(({ path, undo }) => ({
      path,
      undo: (stored: unknown) => undoUnlessUnset(undo, get(undoWhole(stored))),
    }));
  });
}

function orAsItIs(undo: ((stored: unknown) => unknown) | undefined): WayBack['undo'] {
  return (stored) => undo?.(stored) ?? stored;
}

/** Undoes the transforms and the item shape of a source, or `undefined` when one of them loses information. */
export function compileUndo({ transform = [], each }: ValueSource): ((stored: unknown) => unknown) | undefined {
  const undoSteps = compileInverse(transform);
  if (each === undefined || undoSteps === undefined) return undoSteps;
  const undoShape = compileUndoShape(each);
  if (undoShape === undefined) return undefined;
  return (stored) => {
    const list = undoSteps(stored);
    return Array.isArray(list) ? list.map((item: unknown) => undoShape(item)) : undefined;
  };
}

function compileUndoShape(shape: Shape): ((item: unknown) => unknown) | undefined {
  const members = Object.entries(shape).filter(([, source]) => !isConstant(source));
  const found = members.map(([member, source]) => {
    const get = compileGetter(parsePath(member));
    const ways = waysBack(asValueSource(source));
    return ways.map(({ path, undo }) => ({ get, undo, put: compileSetter(path) }));
  });
  if (found.some((ways) => ways.length === 0)) return undefined;
  const ways = found.flat();
  return (item) => {
    const original: Record<string, unknown> = {};
    for (const { get, undo, put } of ways) {
      const value = isObject(item) ? undoUnlessUnset(undo, get(item)) : undefined;
      if (value !== undefined && value !== null) put(original, value);
    }
    return original;
  };
}

function undoUnlessUnset(undo: WayBack['undo'], stored: unknown): unknown {
  return stored === undefined || stored === null ? stored : undo(stored);
}

function isConstant(source: Source): boolean {
  return typeof source === 'object' && 'constant' in source;
}
