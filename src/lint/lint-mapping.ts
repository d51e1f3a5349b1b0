import type { Mapping } from '../../schemas/mapping.js';
import { mappingProblems } from '../core/mapping/check-mapping.js';
import { coverageRemarks, reasonRemarks } from './check-coverage.js';
import { effectRemarks } from './check-effect.js';
import { exampleRemarks, unshownRemarks } from './check-examples.js';
import { limitRemarks } from './check-limits.js';
import { reachRemarks } from './check-reach.js';
import { reverseRemarks, sharedReverseRemarks } from './check-reverse.js';
import { typeRemarks } from './check-types.js';
import type { OwnFields } from './field-type.js';
import type { Remark } from './finding.js';
import { flowOf } from './value-flow.js';

/** What is known of the provider that a mapping is for. */
export interface ProviderFacts extends OwnFields {
  /** The field that customers are found by. */
  readonly matchTarget: string;
}

/** Everything that is wrong with a provider's mapping. @param provider absent for one that is not known here. */
export function lintMapping(mapping: Mapping, provider: ProviderFacts | undefined): Remark[] {
  const broken = mappingProblems(mapping);
  // Rules that cannot be compiled cannot be tried either.
  if (broken.length > 0) return broken;
  return [
    ...ruleRemarks(mapping, Object.keys(mapping.fields), provider),
    ...sharedReverseRemarks(mapping),
    ...identityRemarks(mapping, provider),
    ...coverageRemarks(mapping, provider),
    ...reasonRemarks(mapping),
    ...exampleRemarks(mapping, mapping.examples, provider),
    ...unshownRemarks(mapping),
  ];
}

/** What is wrong with single rules of a mapping. */
export function ruleRemarks(mapping: Mapping, targets: readonly string[], provider: OwnFields | undefined): Remark[] {
  return targets.flatMap((target) => {
    const rule = Object.hasOwn(mapping.fields, target) ? mapping.fields[target] : undefined;
    if (rule === undefined) return [];
    const scope = { own: provider };
    const flow = flowOf(rule, [], scope);
    const remarks = [
      ...typeRemarks(rule, flow, scope),
      ...reachRemarks(rule),
      ...limitRemarks(rule, flow),
      ...effectRemarks(rule, flow),
      ...reverseRemarks(rule),
    ];
    return remarks.map((remark) => ({ ...remark, at: ['fields', target, ...remark.at] }));
  });
}

function identityRemarks({ fields }: Mapping, provider: ProviderFacts | undefined): Remark[] {
  if (provider === undefined || fields[provider.matchTarget]?.required === true) return [];
  return [
    {
      at: ['fields', provider.matchTarget],
      code: 'identity',
      message: `${provider.matchTarget} is what customers are found by, and needs a rule that is required`,
      remedy: 'Add the rule, with "required": true.',
    },
  ];
}
