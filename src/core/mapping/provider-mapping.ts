import type { Mapping } from '../../../schemas/mapping.js';
import type { Provider } from '../connector.js';
import { describeProblem } from './check-mapping.js';
import { applyOverlays, type CompiledMapping, compileMapping, mappingError, parseMapping } from './compile-mapping.js';
import { identityProblems, type OverlayLayer } from './overlay.js';

export type { OverlayLayer } from './overlay.js';

/**
 * A provider's mapping as one connection uses it.
 * @param layers changes to it, of which a later one wins.
 * @throws CustomerSyncError `mapping` with the problems found.
 */
export function providerMapping(provider: Provider, layers: readonly OverlayLayer[] = []): CompiledMapping {
  return compileMapping(effectiveMapping(provider, layers));
}

function effectiveMapping({ definition, mapping }: Provider, layers: readonly OverlayLayer[]): Mapping {
  const base = parseMapping(mapping, `providers/${definition.id}/mapping.json`);
  const changed = applyOverlays(base, layers);
  const problems = identityProblems(base, changed, definition.identity.match.target);
  const culprit = layers.at(-1)?.name ?? definition.id;
  if (problems.length > 0) throw mappingError(culprit, problems.map(describeProblem));
  return changed;
}
