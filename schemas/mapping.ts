import { z } from 'zod';
import { type TransformStep, transformStepSchema } from './transforms.js';

/**
 * Keys joined by dots: `address.city`. A key that holds a dot or a bracket is quoted, and a quote in it is doubled:
 * `metadata['crm.id']`.
 */
const path = z.string().min(1).max(200);

const scalar = z.union([z.string().max(1000), z.number(), z.boolean()]);

const transformSteps = z.array(transformStepSchema).max(10);

export type Condition =
  | { readonly present: string }
  | { readonly equals: readonly [string, string | number | boolean | null] }
  | { readonly in: readonly [string, readonly (string | number | boolean)[]] }
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition };

export const conditionSchema: z.ZodType<Condition> = z.lazy(() =>
  z.union(
    [
      z.strictObject({ present: path }),
      z.strictObject({ equals: z.tuple([path, scalar.nullable()]) }),
      z.strictObject({ in: z.tuple([path, z.array(scalar).min(1).max(1000)]) }),
      z.strictObject({ all: z.array(conditionSchema).min(1).max(20) }),
      z.strictObject({ any: z.array(conditionSchema).min(1).max(20) }),
      z.strictObject({ not: conditionSchema }),
    ],
    { error: 'must be one of: present, equals, in, all, any, not' },
  ),
);

const constant = z.union([scalar, z.null()]);
const template = z.string().min(1).max(500);

/** Members of an object under construction: name, or dotted path, -> where its value comes from. */
export type Shape = Readonly<Record<string, Source>>;

/** One place a value may come from. */
export type Source =
  | string
  | {
      readonly from: string;
      readonly each?: Shape | undefined;
      readonly transform?: readonly TransformStep[] | undefined;
      readonly when?: Condition | undefined;
    }
  | {
      readonly template: string;
      readonly transform?: readonly TransformStep[] | undefined;
      readonly when?: Condition | undefined;
    }
  | { readonly constant: string | number | boolean | null; readonly when?: Condition | undefined }
  | { readonly object: Shape; readonly when?: Condition | undefined };

const shapeSchema: z.ZodType<Shape> = z.lazy(() => z.record(path, sourceSchema));

const sourceSchema: z.ZodType<Source> = z.lazy(() =>
  z.union(
    [
      path,
      z.strictObject({
        from: path,
        each: shapeSchema.optional(),
        transform: transformSteps.optional(),
        when: conditionSchema.optional(),
      }),
      z.strictObject({ template, transform: transformSteps.optional(), when: conditionSchema.optional() }),
      z.strictObject({ constant, when: conditionSchema.optional() }),
      z.strictObject({ object: shapeSchema, when: conditionSchema.optional() }),
    ],
    {
      error:
        'must be a path, or {from, each, transform}, {template}, {constant} or {object}, each with an optional when',
    },
  ),
);

/** Where a value comes from: exactly one of `from`, `constant`, `template` and `object`. */
const place = {
  /** A path, or several places of which the first with a value counts. */
  from: z.union([path, z.array(sourceSchema).min(1).max(10)]).optional(),
  constant: constant.optional(),
  /** Text with `{path}` in it; absent parts are left out, and with no part present there is no value. */
  template: template.optional(),
  /** An object made of several places. Members without a value are left out; with none there is no value. */
  object: shapeSchema.optional(),
  /** With `from` of a list: the shape of each item. Its paths start at the item. */
  each: shapeSchema.optional(),
  transform: transformSteps.optional(),
  when: conditionSchema.optional(),
};

/** How an object of keys (metadata) travels. */
const keyedSchema = z.strictObject({
  /** `map`: an object of keys. `entries`: a list of objects, one for each key. */
  shape: z.enum(['map', 'entries']),
  /**
   * `merge`: the provider keeps the keys that we do not send. `replace`: what we send is the whole, so the keys that
   * are there already are read first and sent again.
   */
  write: z.enum(['merge', 'replace']),
  /** With `merge`: what deletes a key. */
  delete: z.union([z.null(), z.literal('')]).optional(),
  /** With `entries`: the fields of one entry. */
  key: z.string().optional(),
  value: z.string().optional(),
  /** With `entries`: entry field -> field of the stored entry, copied when the key is there already. */
  carry: z.record(z.string(), z.string()).optional(),
  /** With `entries`: entry field -> path of a list of keys; `true` for the keys we write that are in the list. */
  flag: z.record(z.string(), path).optional(),
  /** Steps for each value. */
  transform: transformSteps.optional(),
  /** How many keys may be there afterwards, those of others included. */
  max_items: z.int().min(1).optional(),
  max_key_length: z.int().min(1).optional(),
  max_value_length: z.int().min(1).optional(),
  /** With `map` and `merge`: keys that have a rule of their own, and are no part of this one. */
  except: z.array(z.string().min(1)).min(1).optional(),
});

/** A list of objects that the provider replaces as a whole and in which each item has an identity. */
const itemsSchema = z.strictObject({
  /** The field that tells one item from another. */
  key: z.string(),
  /** What the stored item calls that field, if not the same. */
  stored_key: z.string().optional(),
  /** Item field -> field of the stored item, copied when the item is there already. */
  carry: z.record(z.string(), z.string()),
});

export type KeyedOptions = z.infer<typeof keyedSchema>;

/** One rule: how one field of the provider gets its value. */
export const ruleSchema = z.strictObject({
  ...place,
  /** Sent only when the customer is created, or only when it is updated. Default: both. */
  on: z.enum(['create', 'update']).optional(),
  /** Whether a create without a value is an error. */
  required: z.boolean().optional(),
  /** What a create sends when there is no value: `0`, `false` and `null` are sent as they are. Not reported. */
  default: constant.optional(),
  /** Stand-ins that a create tries when there is no value; reported as a warning. */
  fallback: z.array(sourceSchema).min(1).max(10).optional(),
  max_length: z.int().min(1).optional(),
  /** How the provider counts `max_length`. Default: `characters` (Unicode code points). */
  count: z.enum(['characters', 'bytes']).optional(),
  /** The only characters allowed, as in a bracket expression: `A-Za-z0-9_-`. */
  characters: z.string().min(1).max(100).optional(),
  one_of: z.array(scalar).min(1).max(1000).optional(),
  /** How many items a list may have. */
  max_items: z.int().min(1).optional(),
  /**
   * What happens to a value over a limit, or that a transform cannot convert. Default: `error`. `truncate` cuts text
   * and lists that are too long; anything else is then an error. `drop` leaves the value out. Both are reported as a warning.
   */
  overflow: z.enum(['error', 'truncate', 'drop']).optional(),
  /** What is written to clear the field. Default: `unsupported`, reported and never sent. */
  clear: z.enum(['null', 'empty', 'unsupported']).optional(),
  /** Why the field cannot be cleared. */
  clear_reason: z.string().optional(),
  /** Added to the error about a value over a limit: what to do about it. */
  hint: z.string().optional(),
  keyed: keyedSchema.optional(),
  items: itemsSchema.optional(),
  /** Where the provider's record shows the value, if not under the same name; `false` = nowhere. */
  read: z.union([path, z.literal(false)]).optional(),
  /** With `read` of a list of objects: the field of each that is the value. */
  read_item: z.string().optional(),
  /**
   * With a list of texts that the provider replaces whole, and puts members of its own into: how those begin. They are
   * no difference, and are read first and sent along.
   */
  provider_members: z.string().min(1).optional(),
  /** `false`: the answer to a write does not show the value yet, though a later read does. */
  echo: z.literal(false).optional(),
  /** When a stored value counts as equal. Default: `exact`. `contains`: for objects, on the fields we send. */
  compare: z.enum(['exact', 'ignore_case', 'ignore_order', 'contains']).optional(),
  /** With `contains`: keys inside the value that the provider takes but never shows. */
  hidden: z.array(z.string()).min(1).optional(),
  /** The canonical field that the stored value belongs to, where `from` does not say it; `false` = none. */
  reverse: z.union([path, z.literal(false)]).optional(),
  /** For the reader: why the rule is as it is. */
  note: z.string().optional(),
});

export type Rule = z.infer<typeof ruleSchema>;

const reasons = z.record(z.string(), z.string().min(1));

const exampleSchema = z.strictObject({
  name: z.string(),
  on: z.enum(['create', 'update']).optional(),
  customer: z.record(z.string(), z.unknown()),
  payload: z.record(z.string(), z.unknown()),
});

/** `providers/<id>/mapping.json`: how a customer becomes a payload, and a record an observed customer. */
export const mappingSchema = z.strictObject({
  $schema: z.string().optional(),
  provider: z.string(),
  /** Provider's field -> rule. */
  fields: z.record(path, ruleSchema),
  /** Canonical fields that the provider has no place for, with the reason. */
  unsupported: reasons.optional(),
  /** Fields of the provider that are left alone on purpose, with the reason. */
  not_written: reasons.optional(),
  /** Further fields of the provider that an overlay may add, and what they are. */
  addable: reasons.optional(),
  /** Each rule is exercised by one of them. */
  examples: z.array(exampleSchema).min(1),
});

export type Mapping = z.infer<typeof mappingSchema>;

/** Changes that an environment or a connection makes to its provider's mapping. */
export const overlaySchema = z.strictObject({
  $schema: z.string().optional(),
  /** The provider it is for; refused for any other. */
  provider: z.string().optional(),
  /**
   * Rules that change, or that are added. What the provider dictates (limits, how to clear, how keys travel, where to read)
   * is inherited and can be made stricter, not looser. A rule that names a source replaces everything else.
   */
  fields: z.record(path, ruleSchema).optional(),
  /** Rules that are taken away, with the reason. */
  remove: reasons.optional(),
  /** Canonical fields that have no place any more because of it, with the reason. */
  unsupported: reasons.optional(),
  /** Run against the mapping as changed. */
  examples: z.array(exampleSchema).optional(),
});

export type Overlay = z.infer<typeof overlaySchema>;
export type Example = z.infer<typeof exampleSchema>;

export const sourceRuleSchema = z.strictObject({
  ...place,
  one_of: z.array(scalar).min(1).max(1000).optional(),
  /** What an empty cell or SQL NULL means. Default: `keep`, the stored value is left alone. */
  on_empty: z.enum(['keep', 'clear']).optional(),
  note: z.string().optional(),
});

/** How the columns of a source become the canonical customer. */
export const sourceMappingSchema = z.strictObject({
  $schema: z.string().optional(),
  /** Canonical field, for example `address.city` -> rule over the columns. */
  fields: z.record(path, sourceRuleSchema),
  /** Columns that are left out on purpose, with the reason. */
  ignored: reasons.optional(),
});

export type SourceMapping = z.infer<typeof sourceMappingSchema>;
export type SourceRule = z.infer<typeof sourceRuleSchema>;
