import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { type Configuration, configurationSchema } from '../../schemas/configuration.js';
import type { ProviderDefinition } from '../../schemas/definition.js';
import { CustomerSyncError } from '../core/errors.js';
import { nearest } from '../core/nearest.js';
import { fieldProblems, problemText } from '../core/zod-issues.js';
import { readSmallFile } from '../sources/small-file.js';
import { checkConfiguration } from './check-configuration.js';
import { knownNames } from './known-names.js';
import { type Fault, readYaml, type YamlFile } from './read-yaml.js';

export const configurationFile = 'customer-sync.yaml';

/** A configuration, and the folder that the paths in it start from. */
export interface LoadedConfiguration {
  /** As it was named, for messages. */
  readonly file: string;
  readonly directory: string;
  readonly settings: Configuration;
}

const maxBytes = 1_000_000;
/** More problems than these are the same one. */
const maxShown = 5;

/**
 * Reads `customer-sync.yaml`. References to secrets are left as they are; see `resolveSecrets`.
 * @param definitions of the providers, by whose defaults connections to one account are told.
 * @throws CustomerSyncError `config`, naming line and column of what is wrong.
 */
export function readConfiguration(file: string, definitions: readonly ProviderDefinition[] = []): LoadedConfiguration {
  const remedy = `"customer-sync init" writes one; --config <file> names another (default: ${configurationFile}).`;
  const text = readSmallFile({ path: file, kind: 'configuration', maxBytes, remedy });
  const settings = parseConfiguration(text, file, definitions);
  return { file, directory: dirname(resolve(file)), settings };
}

/** @param file for messages */
export function parseConfiguration(
  text: string,
  file: string,
  definitions: readonly ProviderDefinition[] = [],
): Configuration {
  const yaml = readYaml(text.startsWith('\ufeff') ? text.slice(1) : text);
  if (!('value' in yaml)) throw faulty(file, yaml);
  const parsed = configurationSchema.safeParse(yaml.value ?? {});
  if (!parsed.success)
    throw faulty(
      file,
      parsed.error.issues.flatMap((issue) => describeIssue(issue, yaml)),
    );
  const problems = checkConfiguration(parsed.data, definitions);
  if (problems.length > 0) {
    throw faulty(
      file,
      problems.map(({ path, message }) => ({ ...yaml.locate(path), message: `${path.join('.')}: ${message}` })),
    );
  }
  return parsed.data;
}

function describeIssue(issue: z.core.$ZodIssue, yaml: YamlFile): Fault[] {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') {
    const known = knownNames(describedSettings(), path);
    return issue.keys.map((key) => ({
      ...yaml.locate([...path, key], 'key'),
      message: `${[...path, key].join('.')}: is not a known setting${nearest(key, known)}`,
    }));
  }
  // A record's name that is not allowed is reported at the record.
  const part = issue.code === 'invalid_key' ? 'key' : undefined;
  return fieldProblems([issue], yaml.value).map(({ field, message }) => ({
    ...yaml.locate(path, part),
    message: problemText({ field, message }),
  }));
}

let described: Parameters<typeof knownNames>[0] | undefined;

/** Made where it is needed: it takes as long as everything else together. */
function describedSettings() {
  described ??= z.toJSONSchema(configurationSchema, { io: 'input' });
  return described;
}

function faulty(file: string, faults: readonly Fault[]): CustomerSyncError {
  const lines = faults
    .toSorted((a, b) => a.line - b.line || a.column - b.column)
    .map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`);
  const more = lines.length > maxShown ? [`and ${lines.length - maxShown} more`] : [];
  return new CustomerSyncError('config', {
    message: [...lines.slice(0, maxShown), ...more].join('; '),
    remedy: 'Correct the file; docs/configuration.md describes every setting.',
  });
}
