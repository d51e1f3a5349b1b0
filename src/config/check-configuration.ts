import type { Configuration, JobSettings, SourceSettings } from '../../schemas/configuration.js';
import type { ProviderDefinition } from '../../schemas/definition.js';
import { isCanonicalPath } from '../core/customer/canonical-paths.js';
import { conditionPaths } from '../core/mapping/condition.js';
import { isObject, tryParsePath } from '../core/mapping/path.js';
import { nearest } from '../core/nearest.js';
import { checkSchedule } from '../schedule/schedule.js';
import { findClashes } from './field-owners.js';
import { isReference, mayBeSecret } from './secrets.js';

export interface Problem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** What is wrong with a configuration whose every part has the right shape. */
export function checkConfiguration(
  configuration: Configuration,
  definitions: readonly ProviderDefinition[],
): Problem[] {
  const { sources = {}, jobs = {} } = configuration;
  return [
    ...strayReferences(configuration, []),
    ...Object.entries(sources).flatMap(([name, source]) => sourceProblems(['sources', name], source)),
    ...Object.entries(jobs).flatMap(([name, job]) => jobProblems(['jobs', name], job, configuration)),
    ...clashProblems(configuration, definitions),
    ...plainSecrets(configuration),
  ];
}

function strayReferences(value: unknown, path: readonly PropertyKey[]): Problem[] {
  if (typeof value === 'string') {
    if (!value.includes(`\${`) || path.at(-1) === 'query' || path.at(-1) === 'by_ids') return [];
    if (isReference(value) && mayBeSecret(path)) return [];
    const message = mayBeSecret(path)
      ? `must be one reference and nothing else: \${env:NAME} or \${file:/path}`
      : `cannot be a reference; \${env:...} and \${file:...} may stand for secrets only`;
    return [{ path, message }];
  }
  if (Array.isArray(value)) return value.flatMap((member, index) => strayReferences(member, [...path, index]));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, member]) => strayReferences(member, [...path, key]));
}

/** A secret in the file itself ends up in version control. */
function plainSecrets({ connections = {}, sources = {} }: Configuration): Problem[] {
  const found: Problem[] = [];
  const refuse = (path: readonly PropertyKey[], value: string | undefined) => {
    if (value !== undefined && !isReference(value) && !value.includes(`\${`))
      found.push({ path, message: `is a secret: write \${env:NAME} or \${file:/path} in its place` });
  };
  for (const [name, connection] of Object.entries(connections)) {
    const place = ['connections', name];
    if (connection.credentials !== undefined)
      refuse([...place, 'credentials', 'api_key'], connection.credentials.api_key);
    refuse([...place, 'nango', 'secret_key'], connection.nango?.secret_key);
  }
  for (const [name, source] of Object.entries(sources)) {
    if (source.type === 'nango') refuse(['sources', name, 'nango', 'secret_key'], source.nango?.secret_key);
    if (source.type === 'postgres' && hasPassword(source.url)) refuse(['sources', name, 'url'], source.url);
  }
  return found;
}

export function hasPassword(url: string): boolean {
  return !URL.canParse(url) || new URL(url).password !== '' || new URL(url).searchParams.has('password');
}

function sourceProblems(path: readonly PropertyKey[], source: SourceSettings): Problem[] {
  if (source.type !== 'postgres' && source.type !== 'sqlite') return [];
  const { watermark, paging } = source;
  if (watermark !== undefined && paging === 'keyset')
    return [{ path: [...path, 'paging'], message: 'cannot go with "watermark", which has an order of its own' }];
  return [];
}

function jobProblems(
  path: readonly PropertyKey[],
  { source: sourceName, to, mode, allow_archive: allowed, schedule, timezone, filter }: JobSettings,
  { sources = {}, connections = {} }: Configuration,
): Problem[] {
  const source = Object.hasOwn(sources, sourceName) ? sources[sourceName] : undefined;
  const problems: Problem[] = [];
  const add = (key: string, message: string, ...more: PropertyKey[]) =>
    problems.push({ path: [...path, key, ...more], message });

  if (source === undefined)
    add('source', `there is no source "${sourceName}"${nearest(sourceName, Object.keys(sources))}`);
  for (const [index, name] of to.entries()) {
    if (!Object.hasOwn(connections, name))
      add('to', `there is no connection "${name}"${nearest(name, Object.keys(connections))}`, index);
    else if (to.indexOf(name) !== index) add('to', `names "${name}" twice`, index);
  }
  if (mode === 'mirror' && source !== undefined && !isComplete(source))
    add('mode', 'mirror needs a source that shows every customer at each run');
  if (mode === 'mirror' && allowed !== true)
    add('mode', 'mirror archives customers that leave the source; say "allow_archive: true" as well');
  if (mode !== 'mirror' && allowed === true) add('allow_archive', 'is for "mode: mirror"');
  const wrong = schedule === undefined ? undefined : checkSchedule(schedule, timezone);
  if (wrong !== undefined) add(wrong.field, wrong.message);
  if (timezone !== undefined && schedule === undefined) add('timezone', 'is for jobs with a "schedule"');
  for (const place of filter === undefined ? [] : conditionPaths(filter)) {
    if (!isCanonicalPath(tryParsePath(place) ?? [])) add('filter', `"${place}" is not a field of the customer`);
  }
  return problems;
}

export function isComplete(source: SourceSettings): boolean {
  switch (source.type) {
    case 'file':
    case 'command':
      return source.complete ?? true;
    case 'nango':
      return source.incremental !== true;
    case 'postgres':
    case 'sqlite':
      return source.watermark === undefined;
  }
}

function clashProblems(configuration: Configuration, definitions: readonly ProviderDefinition[]): Problem[] {
  return findClashes(configuration, definitions).map(({ jobs, connections, fields }) => {
    const [first, second] = jobs;
    const [one, other] = connections;
    const shown = fields.slice(0, 3).join(', ') + (fields.length > 3 ? ', ...' : '');
    const at = one === other ? `of connection "${one}"` : `of one account ("${one}" and "${other}")`;
    const owners = first === second ? `job "${first}" twice` : `both "${first}" and "${second}"`;
    return {
      path: ['jobs', second, 'to'],
      message: `${shown} ${at} would be owned by ${owners}; divide them with "fields" of two connections`,
    };
  });
}
