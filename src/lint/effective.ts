import type { Mapping, Rule } from '../../schemas/mapping.js';
import { type OverlayLayer, overlay } from '../core/mapping/overlay.js';
import type { Pointer } from '../core/mapping/places.js';
import { jsonPositions } from '../sources/json/json-positions.js';

/** An overlay, with the text that it was read from. */
interface LayerFile extends OverlayLayer {
  readonly text: string;
}

export interface Standing {
  readonly file: string;
  readonly line: number;
}

export interface EffectiveRule {
  readonly target: string;
  readonly rule: Rule;
  /** Where the rule stands: the layer that has the last word first, the provider's own mapping last. */
  readonly origins: readonly Standing[];
}

export interface EffectiveMapping {
  readonly provider: string;
  readonly rules: readonly EffectiveRule[];
  readonly removed: readonly (Standing & { readonly target: string; readonly reason: string })[];
}

interface BaseFile {
  readonly file: string;
  readonly text: string;
  readonly mapping: Mapping;
}

/** A mapping as its layers make it, rule by rule, with where each comes from. */
export function effectiveMapping(base: BaseFile, layers: readonly LayerFile[]): EffectiveMapping {
  const { mapping, origins } = overlay(base.mapping, layers);
  const lines = new Map([
    [base.file, jsonPositions(base.text)],
    ...layers.map(({ name, text }) => [name, jsonPositions(text)] as const),
  ]);
  const standing = (file: string, at: Pointer): Standing => ({ file, line: lines.get(file)?.lineOf(at) ?? 1 });
  return {
    provider: mapping.provider,
    rules: Object.entries(mapping.fields).map(([target, rule]) => {
      const files = [...(origins.get(target) ?? [])].reverse();
      const ownRule = Object.hasOwn(base.mapping.fields, target) ? [base.file] : [];
      return { target, rule, origins: [...files, ...ownRule].map((file) => standing(file, ['fields', target])) };
    }),
    removed: layers.flatMap(({ name, overlay: { remove = {} } }) =>
      Object.entries(remove).map(([target, reason]) => ({ target, reason, ...standing(name, ['remove', target]) })),
    ),
  };
}
