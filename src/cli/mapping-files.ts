import { relative, resolve } from 'node:path';
import { builtInProviders } from '../../integrations/registry.js';
import type { ConnectionSettings } from '../../schemas/connection.js';
import type { Mapping } from '../../schemas/mapping.js';
import type { LoadedConfiguration } from '../config/read-configuration.js';
import { readOverlays } from '../connections/overlay-files.js';
import type { Provider } from '../core/connector.js';
import { CustomerSyncError } from '../core/errors.js';
import { applyOverlays, parseMapping } from '../core/mapping/compile-mapping.js';
import type { FieldOwnership } from '../core/mapping/field-ownership.js';
import { providerMapping } from '../core/mapping/provider-mapping.js';
import { nearest } from '../core/nearest.js';
import { type EffectiveMapping, effectiveMapping } from '../lint/effective.js';
import type { LintProvider, MappingText } from '../lint/lint-text.js';
import { readMappingFile } from '../lint/read-file.js';
import { findConfiguration } from './find-configuration.js';
import { checkOverlayNames, nameAndFile } from './options.js';
import { packageFile } from './package-file.js';

/** An overlay as the command line names it: `lago=overlay.json`. */
export interface NamedOverlay {
  readonly provider: string;
  readonly file: string;
}

/** Reads one `--overlay`, which may be given several times: later ones are laid over earlier ones. */
export function addOverlay(value: string, before: readonly NamedOverlay[] = []): readonly NamedOverlay[] {
  const { name, file } = nameAndFile(value);
  return [...before, { provider: name, file }];
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

/**
 * The overlays of a configured connection, in the order in which they are laid over its provider's mapping.
 * @throws CustomerSyncError `config` for a file that cannot be read.
 */
export function connectionOverlays(
  { directory }: LoadedConfiguration,
  { provider, overlay }: ConnectionSettings,
): MappingText[] {
  return [overlay ?? []].flat().map((name) => {
    const file = relative('.', resolve(directory, name));
    return { file, text: readMappingFile(file), provider };
  });
}

/** The source mappings that a configuration names, each once, as they lead from the working directory. */
export function sourceMappingFiles({ settings, directory }: LoadedConfiguration): string[] {
  const names = Object.values(settings.sources ?? {}).flatMap(({ source_mapping: name }) => name ?? []);
  return [...new Set(names)].map((name) => relative('.', resolve(directory, name)));
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

/** A provider's mapping as a connection has it, with the files that it is made of. */
export interface OpenedMapping {
  readonly provider: Provider;
  readonly mapping: Mapping;
  readonly effective: EffectiveMapping;
  /** Who owns which field at the connection. Absent: all are ours. */
  readonly ownership: FieldOwnership | undefined;
}

interface OpenOptions {
  readonly overlays: readonly NamedOverlay[];
  /** The configuration file that was named, if one was. */
  readonly config: string | undefined;
}

/**
 * @param name a connection of the configuration, else a provider.
 * @throws CustomerSyncError for a name that is neither, and for overlays that cannot be used.
 */
export function openMapping(name: string, { overlays, config }: OpenOptions): OpenedMapping {
  const configuration = findConfiguration(config);
  const connections = configuration?.settings.connections ?? {};
  const connection = Object.hasOwn(connections, name) ? connections[name] : undefined;
  const provider = providerNamed(connection?.provider ?? name);
  const configured = [connection?.overlay ?? []]
    .flat()
    .map((file) => relative('.', resolve(configuration?.directory ?? '.', file)));
  checkOverlayNames(
    overlays.map((one) => one.provider),
    [name],
  );
  const given = overlays.map(({ file }) => file);
  const layers = readOverlays([...configured, ...given], '.');
  providerMapping(provider, layers);
  const base = parseMapping(provider.mapping, provider.definition.id);
  return {
    provider,
    mapping: applyOverlays(base, layers),
    effective: effectiveMapping({ ...shippedMapping(provider), mapping: base }, layers),
    ownership: connection?.fields,
  };
}
