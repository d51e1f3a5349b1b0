import { type Customer, customerSchema } from '../../../schemas/customer.js';
import { isObject, refusedKeys } from '../mapping/path.js';
import { type FieldProblem, kindOf } from '../zod-issues.js';
import { canonicalPaths } from './canonical-paths.js';
import { customerProblems } from './customer-problems.js';

export type ParsedCustomer =
  | { readonly ok: true; readonly customer: Customer }
  /** `id` is there when it could be read, so that the row can be named. */
  | { readonly ok: false; readonly id?: string; readonly problems: readonly FieldProblem[] };

/** Deeper than any billing system's custom fields; a guard against a row made to exhaust the stack. */
const maxDepth = 20;

/** Checks one row against the canonical model. Messages name fields and kinds of values, never values. */
export function parseCustomer(input: unknown): ParsedCustomer {
  if (!isObject(input) || Array.isArray(input)) {
    return { ok: false, problems: [{ field: '', message: `a customer must be an object, not ${kindOf(input)}` }] };
  }
  const copying: Copying = { problems: [], tooDeep: false };
  const clean = withoutUndefined(input, '', 0, copying);
  const parsed = customerSchema.safeParse(clean);
  const { problems } = copying;
  if (parsed.success && problems.length === 0) return { ok: true, customer: parsed.data };
  const issues = parsed.success ? [] : customerProblems(parsed.error.issues, clean, canonicalPaths);
  const id = readableId(input);
  return { ok: false, ...(id !== undefined && { id }), problems: [...problems, ...issues] };
}

/**
 * What a normaliser found, and whatever else is wrong with the row, so that all of it can be corrected at once.
 * @param value the row as the normaliser left it
 */
export function withOtherProblems(found: readonly FieldProblem[], value: unknown): readonly FieldProblem[] {
  const parsed = found.length === 0 ? undefined : parseCustomer(value);
  if (parsed === undefined || parsed.ok) return found;
  const fields = new Set(found.map(({ field }) => field));
  return [...found, ...parsed.problems.filter(({ field }) => !fields.has(field))];
}

/** The id of a row that may be no customer otherwise, so that the row can be named. */
export function readableId(input: unknown): string | undefined {
  return isObject(input) ? customerSchema.shape.id.safeParse(input['id']).data : undefined;
}

interface Copying {
  readonly problems: FieldProblem[];
  /** Found once, it ends the descent: an object that holds itself has more paths than can be walked. */
  tooDeep: boolean;
}

/**
 * A copy without `undefined` members, which zod would keep as keys, and without keys that reach a prototype, which zod
 * would drop in silence.
 */
function withoutUndefined(value: unknown, path: string, depth: number, copying: Copying): unknown {
  if (!isObject(value)) return value;
  if (copying.tooDeep) return undefined;
  if (depth > maxDepth) {
    copying.tooDeep = true;
    copying.problems.push({ field: path, message: `is nested more than ${maxDepth} levels deep` });
    return undefined;
  }
  if (Array.isArray(value)) return value.map((item) => withoutUndefined(item, path, depth + 1, copying));
  const copy: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) {
    const memberPath = path === '' ? key : `${path}.${key}`;
    if (refusedKeys.has(key)) copying.problems.push({ field: memberPath, message: 'is a key that is never accepted' });
    else if (member !== undefined) copy[key] = withoutUndefined(member, memberPath, depth + 1, copying);
  }
  return copy;
}
