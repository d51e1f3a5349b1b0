import { z } from 'zod';
import { type Difference, required, unknownField } from './compare-rule.js';
import { type Shape, shapeOf } from './shape.js';

/** How the inside of an object or a list, which the provider's own schema checks, differs from the description. */
export function compareNested(document: unknown, field: string, schema: unknown, shape: Shape): Difference[] {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodArray) {
    return shape.items === undefined
      ? []
      : compareNested(document, `${field}[]`, inner.element, shapeOf(document, shape.items));
  }
  if (!(inner instanceof z.ZodObject) || shape.properties.size === 0) return [];
  const names = Object.keys(inner.shape);
  const known = [...shape.properties.keys()];
  return [
    ...names.flatMap((name) =>
      shape.properties.has(name)
        ? compareNested(document, `${field}.${name}`, inner.shape[name], shapeOf(document, shape.properties.get(name)))
        : [unknownField(`${field}.${name}`, { missing: name, known })],
    ),
    ...[...shape.required].filter((name) => isOptional(inner.shape[name])).map((name) => required(`${field}.${name}`)),
  ];
}

function isOptional(schema: unknown): boolean {
  return !(schema instanceof z.ZodType) || schema instanceof z.ZodOptional;
}

function unwrap(schema: unknown): unknown {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodNullable ? unwrap(schema.unwrap()) : schema;
}
