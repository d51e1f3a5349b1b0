import { InvalidArgumentError } from 'commander';
import { builtInProviders } from '../../integrations/registry.js';
import type { Provider } from '../core/connector.js';
import { CustomerSyncError } from '../core/errors.js';
import { parseMapping, parseOverlay } from '../core/mapping/compile-mapping.js';
import { nearest } from '../core/nearest.js';
import type { LayerFile } from '../lint/effective.js';
import type { LintProvider } from '../lint/lint-text.js';
import { readMappingFile } from '../lint/read-file.js';
import { findJsonFault } from '../sources/json/json-scan.js';
import { packageFile } from './package-file.js';

/** An overlay as the command line names it: `lago=overlay.json`. */
export interface NamedOverlay {
  readonly provider: string;
  readonly file: string;
}

/** Reads one `--overlay`, which may be given several times: later ones are laid over earlier ones. */
export function addOverlay(value: string, before: readonly NamedOverlay[] = []): readonly NamedOverlay[] {
  const at = value.indexOf('=');
  if (at < 1 || at === value.length - 1)
    throw new InvalidArgumentError('Write it as provider=file, for example autumn=escape-ids.json.');
  return [...before, { provider: value.slice(0, at), file: value.slice(at + 1) }];
}

/** The mapping file that is shipped for a provider, by the name that messages use. */
export function shippedMapping({ definition }: Provider): { readonly file: string; readonly text: string } {
  const file = `providers/${definition.id}/mapping.json`;
  return { file, text: readMappingFile(packageFile(file)) };
}

export function lintProviders(): LintProvider[] {
  return builtInProviders.map(({ definition, fields, mapping }) => ({
    provider: definition.id,
    fields,
    matchTarget: definition.identity.match.target,
    mapping: parseMapping(mapping, definition.id),
  }));
}

/** @throws CustomerSyncError `config` for a name that is none of a provider. */
export function providerNamed(name: string): Provider {
  const found = builtInProviders.find(({ definition }) => definition.id === name);
  if (found !== undefined) return found;
  const known = builtInProviders.map(({ definition }) => definition.id);
  throw new CustomerSyncError('config', {
    message: `there is no provider "${name}"${nearest(name, known)}`,
    remedy: `Known providers: ${known.join(', ')}.`,
  });
}

/** The overlays of one provider as layers. @throws CustomerSyncError for one that cannot be used. */
export function layersOf(provider: string, overlays: readonly NamedOverlay[]): LayerFile[] {
  return overlays
    .filter((overlay) => overlay.provider === provider)
    .map(({ file }) => {
      const text = readMappingFile(file).replace(/^\ufeff/, '');
      const fault = findJsonFault(text);
      if (fault === undefined) return { name: file, text, overlay: parseOverlay(JSON.parse(text), file) };
      throw new CustomerSyncError('config', {
        message: `${file}: line ${fault.line} column ${fault.column}: expected ${fault.expected}`,
        remedy: 'Correct the JSON of the overlay.',
      });
    });
}
