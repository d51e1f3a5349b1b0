import { readFile } from 'node:fs/promises';
import { parse as parseYaml, YAMLParseError } from 'yaml';
import type { Provider } from '../core/connector.js';
import { CustomerSyncError } from '../core/errors.js';
import { parseMapping } from '../core/mapping/compile-mapping.js';
import { isObject } from '../core/mapping/path.js';
import type { Pointer } from '../core/mapping/places.js';
import type { Finding } from '../lint/finding.js';
import { missingFileError } from '../sources/file-error.js';
import { jsonPointer, jsonPositions } from '../sources/json/json-positions.js';
import { compareMapping } from './compare-mapping.js';
import type { Difference } from './compare-rule.js';
import { isKnown, type KnownDifference, type KnownDifferences, parseDifferences } from './differences.js';

/** A file's text, and its name for findings. */
export interface NamedFile {
  readonly file: string;
  readonly text: string;
}

export interface SpecFiles {
  readonly mapping: NamedFile;
  /** Where the description is known to be wrong. */
  readonly differences?: NamedFile | undefined;
}

export interface SpecReport {
  readonly findings: readonly Finding[];
  /** Differences that were found and are recorded, with the fact that proves each. */
  readonly known: readonly KnownDifference[];
}

/**
 * Compares a provider's mapping with the provider's own OpenAPI description.
 * @throws CustomerSyncError `config` when the description or the record of differences cannot be read.
 */
export function checkSpec(provider: Provider, document: unknown, { mapping, differences }: SpecFiles): SpecReport {
  const { definition, fields } = provider;
  const parsed = parseMapping(JSON.parse(mapping.text), mapping.file);
  const own = { provider: definition.id, fields };
  const found = compareMapping({ document, definition, mapping: parsed, own });
  const recorded = recordedIn(differences);
  const known = recorded.filter((one) => found.some((difference) => isKnown(difference, one)));
  const fresh = found.filter((difference) => !recorded.some((one) => isKnown(difference, one)));
  return {
    known,
    findings: [
      ...fresh.map((difference) => mappingFinding(difference, Object.keys(parsed.fields), mapping)),
      ...recorded.flatMap((one, index) =>
        known.includes(one) || differences === undefined ? [] : [stale(one, index, differences)],
      ),
    ],
  };
}

/** Reads an OpenAPI description, YAML or JSON. @throws CustomerSyncError `config`. */
export async function readSpec(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw missingFileError({ path }, error);
  });
  const document = parseDocument(text, path);
  if (isObject(document) && isObject(document['paths'])) return document;
  throw new CustomerSyncError('config', {
    message: `${path}: is not an OpenAPI description: it has no paths`,
    remedy: 'Give the file that the provider publishes for its API.',
  });
}

function parseDocument(text: string, path: string): unknown {
  try {
    return text.trimStart().startsWith('{') ? JSON.parse(text) : parseYaml(text);
  } catch (error) {
    const at = error instanceof YAMLParseError ? ` (line ${error.linePos?.[0].line ?? '?'})` : '';
    throw new CustomerSyncError('config', {
      message: `${path}: is neither JSON nor YAML${at}`,
      remedy: 'Fetch the file again.',
    });
  }
}

function recordedIn(file: NamedFile | undefined): KnownDifferences['differences'] {
  return file === undefined ? [] : parseDifferences(JSON.parse(file.text), file.file).differences;
}

function mappingFinding({ field, message, ...rest }: Difference, targets: readonly string[], file: NamedFile): Finding {
  const target = targets.filter((name) => isIn(field, name)).sort((a, b) => b.length - a.length)[0];
  return {
    ...place(file, target === undefined ? ['fields'] : ['fields', target]),
    code: rest.code,
    message: `${field}: ${message}`,
    remedy: rest.remedy,
  };
}

function isIn(field: string, target: string): boolean {
  return field === target || field.startsWith(`${target}.`) || field.startsWith(`${target}[`);
}

function stale({ code, field }: KnownDifference, index: number, file: NamedFile): Finding {
  return {
    ...place(file, ['differences', index]),
    code: 'spec_difference_gone',
    message: `${code} of ${field} is recorded, but the description and the mapping do not differ in it as it says`,
    remedy: 'Remove it, or correct its values.',
  };
}

function place({ file, text }: NamedFile, at: Pointer): Pick<Finding, 'file' | 'pointer' | 'line'> {
  return { file, pointer: jsonPointer(at), line: jsonPositions(text).lineOf(at) };
}
