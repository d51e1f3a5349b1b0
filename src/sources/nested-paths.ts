import { isWithin } from '../core/mapping/path.js';

/** The first two paths of which one lies inside the other, so that a value could not stand in both. */
export function nestedPair<Path extends { readonly keys: readonly string[] }>(
  paths: readonly Path[],
): readonly [outer: Path, inner: Path] | undefined {
  for (const outer of paths) {
    const inner = paths.find((other) => other.keys.length > outer.keys.length && isWithin(other.keys, outer.keys));
    if (inner !== undefined) return [outer, inner];
  }
  return undefined;
}
