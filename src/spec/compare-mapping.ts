import type { ProviderDefinition } from '../../schemas/definition.js';
import type { Mapping, Rule } from '../../schemas/mapping.js';
import { formatPath, isWithin, parsePath } from '../core/mapping/path.js';
import type { OwnFields } from '../lint/field-type.js';
import { compareNested } from './compare-nested.js';
import { compareRule, type Difference, findTarget, required, unknownField } from './compare-rule.js';
import { requestBody } from './request-body.js';
import { sentValue } from './sent-value.js';
import { type Shape, shapeOf } from './shape.js';

export interface SpecInput {
  /** The parsed OpenAPI description. */
  readonly document: unknown;
  readonly definition: ProviderDefinition;
  readonly mapping: Mapping;
  readonly own: OwnFields;
}

type Operation = 'create' | 'update';

/** Everything in which a mapping differs from the provider's own description of its API; each difference once. */
export function compareMapping({ document, definition, mapping, own }: SpecInput): Difference[] {
  const rules = Object.entries(mapping.fields);
  const targets = rules.map(([target]) => parsePath(target)[0] ?? target);
  const bodies = (['create', 'update'] as const).map((operation) => {
    return { operation, body: requestBody(document, definition, operation, targets) };
  });
  const differences = bodies.flatMap(({ operation, body }) =>
    rules
      .filter(([, { on = operation }]) => on === operation)
      .flatMap(([target, rule]) => compareTarget(document, body, target, rule, own)),
  );
  const missing = bodies.flatMap(({ operation, body }) => requiredFields(document, body, mapping, own, operation));
  const unmapped = bodies.flatMap(({ body }) => unmappedFields(document, body, knownPaths(mapping), []));
  return unique([...differences, ...missing, ...unmapped]);
}

function compareTarget(document: unknown, body: Shape, target: string, rule: Rule, own: OwnFields): Difference[] {
  const found = findTarget(document, body, target);
  if ('missing' in found) return [unknownField(target, found)];
  const entries = rule.keyed?.shape === 'entries' ? entryFields(document, target, rule, found.shape) : [];
  const sent = sentValue(rule, own);
  const nested = rule.keyed === undefined ? compareNested(document, target, sent.schema, found.shape) : [];
  return [...compareRule(target, rule, sent, found.shape), ...entries, ...nested];
}

/** The fields of one entry of a list of keys: all that are required must be sent, and none that is not known. */
function entryFields(document: unknown, target: string, { keyed }: Rule, list: Shape): Difference[] {
  const entry = shapeOf(document, list.items);
  const { key = 'key', value = 'value', carry = {}, flag = {} } = keyed ?? {};
  const sent = [key, value, ...Object.keys(carry), ...Object.keys(flag)];
  const known = [...entry.properties.keys()];
  return [
    ...sent
      .filter((name) => !known.includes(name))
      .map((name) => unknownField(`${target}.${name}`, { missing: name, known })),
    ...[...entry.required]
      .filter((name) => name !== key && name !== value)
      .map((name) => required(`${target}.${name}`)),
  ];
}

/** Required fields that a customer may come without. */
function requiredFields(
  document: unknown,
  body: Shape,
  mapping: Mapping,
  own: OwnFields,
  operation: Operation,
): Difference[] {
  return [...body.required]
    .filter((name) => {
      const rule = mapping.fields[formatPath([name])];
      if (rule !== undefined) return !isAlwaysSent(rule, own, operation);
      return !Object.keys(mapping.fields).some((target) => parsePath(target)[0] === name);
    })
    .filter((name) => !shapeOf(document, body.properties.get(name)).readOnly)
    .map((name) => required(name, ` on ${operation}`));
}

function isAlwaysSent(rule: Rule, own: OwnFields, operation: Operation): boolean {
  const { on = operation } = rule;
  return on === operation && sentValue(rule, own).always;
}

/** Fields that can be written and that the mapping says nothing about. Of objects that are mapped in parts, the parts. */
function unmappedFields(document: unknown, body: Shape, known: readonly Path[], at: Path): Difference[] {
  return [...body.properties].flatMap(([name, schema]) => {
    const path = [...at, name];
    const shape = shapeOf(document, schema);
    if (shape.readOnly || known.some((mapped) => isWithin(path, mapped))) return [];
    const hasParts = known.some((mapped) => isWithin(mapped, path));
    return hasParts ? unmappedFields(document, shape, known, path) : [notMapped(formatPath(path))];
  });
}

type Path = readonly string[];

/** What a mapping has a rule for, or a reason not to have one. */
function knownPaths({ fields, not_written = {}, addable = {} }: Mapping): readonly Path[] {
  return [...Object.keys(fields), ...Object.keys(not_written), ...Object.keys(addable)].map(parsePath);
}

function notMapped(field: string): Difference {
  return {
    code: 'spec_not_mapped',
    field,
    message: 'the description takes it, and the mapping says nothing about it',
    remedy: 'Add a rule, or a reason under not_written.',
  };
}

function unique(differences: readonly Difference[]): Difference[] {
  const seen = new Map(
    differences.map((difference) => [`${difference.code} ${difference.field} ${difference.message}`, difference]),
  );
  return [...seen.values()];
}
