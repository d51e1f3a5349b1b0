import { z } from 'zod';

/** The part of JSON Schema (draft 7) in which Nango's compiler writes inputs, outputs and models. */
export interface JsonSchema {
  readonly type?: string | undefined;
  readonly enum?: readonly string[] | undefined;
  readonly anyOf?: readonly JsonSchema[] | undefined;
  readonly items?: JsonSchema | undefined;
  readonly properties?: Readonly<Record<string, JsonSchema>> | undefined;
  readonly required?: readonly string[] | undefined;
  readonly additionalProperties?: boolean | JsonSchema | undefined;
}

export const jsonSchema: z.ZodType<JsonSchema> = z.lazy(() =>
  z.looseObject({
    type: z.string().optional(),
    enum: z.array(z.string()).optional(),
    anyOf: z.array(jsonSchema).optional(),
    items: jsonSchema.optional(),
    properties: z.record(z.string(), jsonSchema).optional(),
    required: z.array(z.string()).optional(),
    additionalProperties: z.union([z.boolean(), jsonSchema]).optional(),
  }),
);

const functionFields = {
  name: z.string(),
  description: z.string(),
  version: z.string(),
  scopes: z.array(z.string()),
  output: z.array(z.string()),
  json_schema: z.looseObject({ definitions: z.record(z.string(), jsonSchema) }),
};

const actionSchema = z.looseObject({ ...functionFields, type: z.literal('action'), input: z.string() });

const syncSchema = z.looseObject({
  ...functionFields,
  type: z.literal('sync'),
  runs: z.string(),
  auto_start: z.boolean(),
});

/** What `nango compile` writes to `.nango/nango.json`. */
export const compiledProjectSchema = z.array(
  z.looseObject({
    providerConfigKey: z.string(),
    actions: z.array(actionSchema),
    syncs: z.array(syncSchema),
  }),
);

export type CompiledProject = z.infer<typeof compiledProjectSchema>;
export type CompiledAction = z.infer<typeof actionSchema>;
export type CompiledSync = z.infer<typeof syncSchema>;

/** @throws RangeError for a name that is not among the definitions. */
export function definitionOf(
  { json_schema: { definitions } }: CompiledAction | CompiledSync,
  name: string,
): JsonSchema {
  const schema = definitions[name];
  if (schema === undefined) throw new RangeError(`${name} is not defined`);
  return schema;
}

/** `upsert-customers` as `Upsert Customers`. */
export function titleOf(name: string): string {
  return name
    .split(/[^a-zA-Z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
}
