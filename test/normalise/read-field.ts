import { normaliseCustomer } from '../../src/normalise/normalise-customer.js';

interface FieldReading {
  /** The field's value afterwards; absent when the field was left out. */
  readonly value?: unknown;
  /** What was said about the field. */
  readonly notes: readonly string[];
}

/** What becomes of one field at the top level of a customer. */
export function readField(field: string, value: unknown, rest: Readonly<Record<string, unknown>> = {}): FieldReading {
  const result = normaliseCustomer({ id: 'c-1', ...rest, [field]: value });
  const found = Object.entries(Object(result.value)).find(([key]) => key === field);
  const notes = result.notes.filter((note) => note.field === field).map(({ code, message }) => `${code}: ${message}`);
  return { ...(found !== undefined && { value: found[1] }), notes };
}

/** What a field comes to that cannot be read. */
export function leftOut(reason: string) {
  return { notes: [`unreadable_value: ${reason}; left out`] };
}
