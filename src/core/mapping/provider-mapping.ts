import type { Overlay } from '../../../schemas/mapping.js';
import type { Provider } from '../connector.js';
import { CustomerSyncError } from '../errors.js';
import { applyOverlay, type CompiledMapping, compileMapping, parseMapping } from './compile-mapping.js';

/** A provider's mapping as one connection uses it. @throws CustomerSyncError `mapping` with every problem found. */
export function providerMapping({ definition, mapping }: Provider, overlay?: Overlay): CompiledMapping {
  const base = parseMapping(mapping, `providers/${definition.id}/mapping.json`);
  const compiled = compileMapping(overlay === undefined ? base : applyOverlay(base, overlay));
  const { target } = definition.identity.match;
  if (compiled.rule(target) !== undefined) return compiled;
  throw new CustomerSyncError('mapping', {
    message: `${definition.id}: the rule for ${target} is missing, and ${definition.name} finds customers by it`,
    remedy: 'Replace the rule in the overlay instead of removing it.',
    provider: definition.id,
  });
}
