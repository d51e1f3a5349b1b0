import type { Mapping, Overlay } from '../../schemas/mapping.js';
import { mappingProblems } from '../core/mapping/check-mapping.js';
import { identityProblems, type OverlayLayer, overlay } from '../core/mapping/overlay.js';
import { sourcePaths } from '../core/mapping/source.js';
import { coverageRemarks, reasonRemarks } from './check-coverage.js';
import { exampleRemarks } from './check-examples.js';
import { sharedReverseRemarks } from './check-reverse.js';
import type { Remark } from './finding.js';
import { type ProviderFacts, ruleRemarks } from './lint-mapping.js';

/** Everything that is wrong with an overlay. @param base the mapping below it, without problems. */
export function lintOverlay(base: Mapping, layer: OverlayLayer, provider: ProviderFacts): Remark[] {
  const { mapping, problems } = overlay(base, [layer]);
  const targets = Object.keys(layer.overlay.fields ?? {});
  const isOurs = ({ at }: Remark) => targets.includes(String(at[1]));
  const broken = [
    ...problems.map(({ problem }) => problem),
    ...identityProblems(base, mapping, provider.matchTarget),
    ...mappingProblems(mapping).filter(isOurs),
  ];
  if (broken.length > 0) return broken;
  return [
    ...ruleRemarks(mapping, targets, provider),
    ...sharedReverseRemarks(mapping).filter(isOurs),
    ...lostFields(base, mapping, layer.overlay, provider),
    ...reasonRemarks({ ...mapping, unsupported: layer.overlay.unsupported }).filter(
      ({ at }) => at[0] === 'unsupported',
    ),
    ...exampleRemarks(mapping, layer.overlay.examples ?? [], provider),
  ];
}

/** Canonical fields that were mapped and are not any more. Those of a removed rule have their reason. */
function lostFields(
  base: Mapping,
  changed: Mapping,
  { fields = {}, remove = {} }: Overlay,
  own: ProviderFacts,
): Remark[] {
  const before = new Set(coverageRemarks(base, own).map(({ field }) => field));
  const pathsOf = (target: string) => sourcePaths(base.fields[target] ?? {});
  const given = new Set(Object.keys(remove).flatMap(pathsOf));
  return coverageRemarks(changed, own)
    .filter(({ field }) => !before.has(field) && !given.has(field))
    .map(({ field, ...remark }) => {
      const target = Object.keys(fields).find((one) => pathsOf(one).includes(field));
      return { ...remark, at: target === undefined ? ['fields'] : ['fields', target] };
    });
}
