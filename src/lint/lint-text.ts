import type { z } from 'zod';
import {
  type Mapping,
  mappingSchema,
  type Overlay,
  overlaySchema,
  ruleSchema,
  sourceMappingSchema,
  sourceRuleSchema,
} from '../../schemas/mapping.js';
import { refusalOf } from '../core/mapping/input-size.js';
import { isObject } from '../core/mapping/path.js';
import type { Pointer } from '../core/mapping/places.js';
import { nearest } from '../core/nearest.js';
import { fieldProblems } from '../core/zod-issues.js';
import { jsonPointer, jsonPositions } from '../sources/json/json-positions.js';
import { findJsonFault } from '../sources/json/json-scan.js';
import type { Finding, Remark } from './finding.js';
import { lintMapping, type ProviderFacts } from './lint-mapping.js';
import { lintOverlay } from './lint-overlay.js';
import { lintSourceMapping } from './lint-source-mapping.js';

export interface MappingText {
  /** For findings. */
  readonly file: string;
  readonly text: string;
  /** The provider that an overlay is for, where the file does not say it. */
  readonly provider?: string | undefined;
}

/** A provider, with its mapping as an overlay finds it. */
export interface LintProvider extends ProviderFacts {
  readonly mapping: Mapping;
}

type Kind = 'mapping' | 'overlay' | 'source-mapping';

/** Everything that is wrong with one file, in the order of its lines. */
export function lintText({ file, text, provider }: MappingText, providers: readonly LintProvider[]): Finding[] {
  const whole = (code: string, message: string, remedy: string, line?: number): Finding[] => [
    { file, pointer: '', ...(line !== undefined && { line }), code, message, remedy },
  ];
  const json = text.startsWith('\ufeff') ? text.slice(1) : text;
  const fault = findJsonFault(json);
  if (fault !== undefined) {
    return whole('json', `column ${fault.column}: expected ${fault.expected}`, 'Correct the JSON.', fault.line);
  }
  const content: unknown = JSON.parse(json);
  const refusal = refusalOf(content);
  if (refusal !== undefined) return whole(refusal.code, refusal.message, refusal.remedy, 1);
  const positions = jsonPositions(json);
  const remarks = [
    ...positions.duplicates.map(
      (at): Remark => ({
        at,
        code: 'duplicate_target',
        message: 'stands twice in the same object, and only the last counts',
        remedy: 'Remove one of the two.',
      }),
    ),
    ...lintContent(content, file, provider, providers),
  ];
  return remarks
    .map(({ at, code, message, remedy }) => {
      const place = existing(content, at);
      return { file, pointer: jsonPointer(place), line: positions.lineOf(place), code, message, remedy };
    })
    .sort((a, b) => a.line - b.line);
}

function lintContent(
  content: unknown,
  file: string,
  given: string | undefined,
  providers: readonly LintProvider[],
): Remark[] {
  const kind = given === undefined ? kindOf(content) : 'overlay';
  switch (kind) {
    case 'mapping': {
      const parsed = mappingSchema.safeParse(content);
      if (!parsed.success) return schemaRemarks(parsed.error, content, kind);
      return lintMapping(
        parsed.data,
        providers.find(({ provider }) => provider === parsed.data.provider),
      );
    }
    case 'source-mapping': {
      const parsed = sourceMappingSchema.safeParse(content);
      return parsed.success ? lintSourceMapping(parsed.data) : schemaRemarks(parsed.error, content, kind);
    }
    case 'overlay': {
      const parsed = overlaySchema.safeParse(content);
      if (!parsed.success) return schemaRemarks(parsed.error, content, kind);
      return overlayRemarks(parsed.data, file, given ?? parsed.data.provider, providers);
    }
  }
}

function overlayRemarks(
  overlay: Overlay,
  file: string,
  name: string | undefined,
  providers: readonly LintProvider[],
): Remark[] {
  const known = providers.map(({ provider }) => provider);
  const found = providers.find(({ provider }) => provider === name);
  if (found !== undefined) return lintOverlay(found.mapping, { name: file, overlay }, found);
  const message =
    name === undefined
      ? 'does not say which provider it is for'
      : `there is no provider "${name}"${nearest(name, known)}`;
  const remedy = `Add "provider": one of ${known.join(', ')}; or name it on the command line: --overlay provider=file.`;
  return [{ at: ['provider'], code: 'provider', message, remedy }];
}

/** What a file is: what it says itself, else what only one of the three has in it. */
function kindOf(content: unknown): Kind {
  if (!isObject(content)) return 'overlay';
  const schema = /(source-mapping|mapping|overlay)\.schema\.json$/.exec(String(content['$schema'] ?? ''))?.[1];
  if (schema === 'source-mapping' || schema === 'mapping' || schema === 'overlay') return schema;
  if ('ignored' in content) return 'source-mapping';
  if ('remove' in content) return 'overlay';
  if ('provider' in content) return 'examples' in content ? 'mapping' : 'overlay';
  return isObject(content['fields']) && 'id' in content['fields'] ? 'source-mapping' : 'overlay';
}

const knownKeys: Readonly<Record<Kind, readonly (readonly string[])[]>> = {
  mapping: [Object.keys(mappingSchema.shape), Object.keys(ruleSchema.shape)],
  overlay: [Object.keys(overlaySchema.shape), Object.keys(ruleSchema.shape)],
  'source-mapping': [Object.keys(sourceMappingSchema.shape), Object.keys(sourceRuleSchema.shape)],
};

function schemaRemarks({ issues }: z.ZodError, content: unknown, kind: Kind): Remark[] {
  return issues.flatMap((issue) => {
    const at = issue.path.map((key) => (typeof key === 'number' ? key : String(key)));
    if (issue.code !== 'unrecognized_keys') {
      const absent = at.slice(existing(content, at).length);
      return fieldProblems([issue], content).map(({ message }) => ({
        at,
        code: 'schema',
        message: [...absent, message].join(' '),
        remedy: 'See the JSON Schema of the file for what may stand here.',
      }));
    }
    const [top = [], ofRule = []] = knownKeys[kind];
    const known = at.length === 0 ? top : at.length === 2 && at[0] === 'fields' ? ofRule : [];
    return issue.keys.map((key) => ({
      at: [...at, key],
      code: 'schema',
      message: `"${key}" is not a known key${nearest(key, known)}`,
      remedy: known.length > 0 ? `Use one of: ${known.join(', ')}.` : 'Remove it, or correct its name.',
    }));
  });
}

/** The place itself, or the nearest one around it that the file has. */
function existing(content: unknown, at: Pointer): Pointer {
  let value = content;
  for (const [depth, key] of at.entries()) {
    if (!isObject(value) || !Object.hasOwn(value, key)) return at.slice(0, depth);
    value = value[key];
  }
  return at;
}
