import { parseOverlay } from '../core/mapping/compile-mapping.js';
import { overlay } from '../core/mapping/overlay.js';
import type { Finding } from './finding.js';
import { type LintProvider, lintText, type MappingText } from './lint-text.js';

/** Everything that is wrong with some files. An overlay finds its provider's mapping as the overlays before it left it. */
export function lintTexts(texts: readonly MappingText[], providers: readonly LintProvider[]): Finding[] {
  let current = providers;
  return texts.flatMap((one) => {
    const findings = lintText(one, current);
    if (findings.length === 0) current = current.map((provider) => overlaid(provider, one));
    return findings;
  });
}

function overlaid(provider: LintProvider, { file, text, provider: name }: MappingText): LintProvider {
  if (provider.provider !== name) return provider;
  const layer = { name: file, overlay: parseOverlay(JSON.parse(text.replace(/^\ufeff/, '')), file) };
  return { ...provider, mapping: overlay(provider.mapping, [layer]).mapping };
}
