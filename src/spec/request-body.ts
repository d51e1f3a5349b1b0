import type { ProviderDefinition } from '../../schemas/definition.js';
import { CustomerSyncError } from '../core/errors.js';
import { isObject } from '../core/mapping/path.js';
import { resolve, type Shape, shapeOf } from './shape.js';

/**
 * What the API takes as the body of a create or an update.
 * @param targets the top-level fields of the payload; a body that has none of them, but one object, is a wrapping around it.
 * @throws CustomerSyncError `config` when the description has no such operation.
 */
export function requestBody(
  document: unknown,
  definition: ProviderDefinition,
  operation: 'create' | 'update',
  targets: readonly string[],
): Shape {
  const schema = bodySchema(document, definition, operation);
  const body = shapeOf(document, schema);
  if (targets.some((target) => body.properties.has(target))) return body;
  const [inner, ...others] = [...body.properties.values()].map((property) => shapeOf(document, property));
  return inner !== undefined && others.length === 0 && inner.properties.size > 0 ? inner : body;
}

function bodySchema(document: unknown, definition: ProviderDefinition, operation: 'create' | 'update'): unknown {
  const { method = 'POST', path = '' } = definition.operations[operation] ?? {};
  const found = member(member(findPath(document, path), method.toLowerCase()), 'requestBody');
  const body = typeof member(found, '$ref') === 'string' ? resolve(document, String(member(found, '$ref'))) : found;
  const content = member(body, 'content');
  const schema = member(member(content, 'application/json') ?? firstOf(content), 'schema');
  if (schema !== undefined) return schema;
  throw new CustomerSyncError('config', {
    message: `the description has no request body for ${method} ${path}, with which ${definition.name} ${operation}s customers`,
    remedy: 'Give the OpenAPI file of the version that the definition is for.',
    provider: definition.id,
  });
}

/** The base URL may hold the beginning of a path, and parameters have other names in every description. */
function findPath(document: unknown, path: string): unknown {
  const paths = Object.entries(Object(member(document, 'paths')));
  const plain = (text: string) => text.replace(/\{[^}]*\}/g, '{}');
  const exact = paths.find(([candidate]) => plain(candidate) === plain(path));
  return (exact ?? paths.find(([candidate]) => plain(candidate).endsWith(plain(path))))?.[1];
}

function member(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function firstOf(value: unknown): unknown {
  return isObject(value) ? Object.values(value)[0] : undefined;
}
