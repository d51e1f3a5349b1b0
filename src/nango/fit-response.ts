import type { z } from 'zod';
import type { ProviderDefinition } from '../../schemas/definition.js';
import type { Warning } from '../../schemas/outcome.js';
import type { StoredRecord } from '../core/connector.js';
import { readAnswer } from '../core/http/read-answer.js';
import { jsonBytes, maxOutputBytes } from './output-size.js';

interface Fitted<Response> {
  readonly response: Response;
  readonly warnings: readonly Warning[];
}

/**
 * The provider's record as the action's output declares it. The write is done by now, so a field that is not what the
 * provider documents, or is too large for Nango's answers, is left out and named; it is no reason to fail.
 */
export function fitResponse<Response>(
  schema: z.ZodType<Response>,
  record: StoredRecord,
  definition: ProviderDefinition,
): Fitted<Response> {
  const parsed = schema.safeParse(record);
  const odd = new Set(parsed.success ? [] : parsed.error.issues.map(({ path }) => String(path[0])));
  const large = new Set(tooLarge(without(record, odd)));
  const kept = without(record, new Set([...odd, ...large]));
  return {
    response: readAnswer(schema, kept, definition),
    warnings: [
      ...[...odd].map((field) => leftOut(field, `is not what ${definition.name} documents`)),
      ...[...large].map((field) => leftOut(field, "is too large for Nango's answers")),
    ],
  };
}

function without(record: StoredRecord, fields: ReadonlySet<string>): StoredRecord {
  return Object.fromEntries(Object.entries(record).filter(([field]) => !fields.has(field)));
}

/** The largest fields, as many as have to go. */
function tooLarge(record: StoredRecord): string[] {
  let bytes = jsonBytes(record);
  const gone: string[] = [];
  const sizes = Object.entries(record).map(([field, value]) => ({ field, bytes: jsonBytes(value) }));
  for (const { field, bytes: size } of sizes.sort((left, right) => right.bytes - left.bytes)) {
    if (bytes <= maxOutputBytes) break;
    bytes -= size;
    gone.push(field);
  }
  return gone;
}

function leftOut(field: string, why: string): Warning {
  return { code: 'notice', message: `response.${field} ${why}; it was left out here` };
}
