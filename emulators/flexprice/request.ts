import { z } from 'zod';
import { FlexpriceError } from './errors.js';

// Go decodes JSON into typed fields: null counts as absent, unknown keys are skipped, a value of another type fails the
// whole body.
const text = z.string().nullish();
const flag = z.boolean().nullish();
const stringMap = z.custom<Readonly<Record<string, string | null>>>(isStringMap).nullish();

const updateSchema = z.object({
  external_id: text,
  name: text,
  email: text,
  contact: text,
  address_line1: text,
  address_line2: text,
  address_city: text,
  address_state: text,
  address_postal_code: text,
  address_country: text,
  timezone: text,
  metadata: stringMap,
  integration_entity_mapping: z
    .array(
      z.object({
        entity_id: text,
        entity_type: text,
        provider_type: text,
        provider_entity_id: text,
        metadata: z.looseObject({}).nullish(),
      }),
    )
    .nullish(),
});

const createSchema = updateSchema.extend({
  skip_onboarding_workflow: flag,
  onboarding_workflow_name: text,
  tax_rate_overrides: z
    .array(
      z.object({
        tax_rate_code: text,
        currency: text,
        priority: z.int().nullish(),
        auto_apply: flag,
        metadata: stringMap,
      }),
    )
    .nullish(),
});

export type UpdateRequest = z.infer<typeof updateSchema>;
export type CreateRequest = z.infer<typeof createSchema>;

export const readCreateRequest = (body: string): CreateRequest =>
  decode(parseJson(body), createSchema, 'Invalid request format');
export const readUpdateRequest = (body: string): UpdateRequest =>
  decode(parseJson(body), updateSchema, 'Invalid request format');

/** A request out of a JSON value, or 400 with this message. Null is an empty request. */
export function decode<Decoded>(value: unknown, schema: z.ZodType<Decoded>, message: string): Decoded {
  const decoded = schema.safeParse(value ?? {});
  if (!decoded.success) throw new FlexpriceError('validation_error', message);
  return decoded.data;
}

/** Undecodable JSON becomes a value that no request accepts. */
export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return '';
  }
}

/** What metadata is stored as: a null value is Go's empty string, and keys come out sorted. */
export function toMetadata(given: Readonly<Record<string, string | null>>): Readonly<Record<string, string>> {
  const entries = Object.entries(given).map(([key, value]) => [key, value ?? ''] as const);
  return Object.fromEntries(entries.sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** Checked by hand, because zod's record loses a key called `__proto__`. */
function isStringMap(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((item) => item === null || typeof item === 'string');
}
