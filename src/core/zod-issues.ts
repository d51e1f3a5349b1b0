import type { z } from 'zod';
import { isObject } from './mapping/path.js';
import { nearest } from './nearest.js';

type Issue = z.core.$ZodIssue;

export interface FieldProblem {
  /** Dotted path; empty for the whole value. */
  readonly field: string;
  readonly message: string;
}

/** zod's issues as `field: what is wrong`, one line each, never with the value itself. */
export function describeIssues(issues: readonly Issue[], input: unknown, known?: readonly string[]): string[] {
  return fieldProblems(issues, input, known).map(problemText);
}

export function problemText({ field, message }: FieldProblem): string {
  return field === '' ? message : `${field}: ${message}`;
}

/**
 * @param known dotted names to suggest for an unknown one.
 * @param remedyForBlank what to do about a field that is blank text.
 */
export function fieldProblems(
  issues: readonly Issue[],
  input: unknown,
  known: readonly string[] = [],
  remedyForBlank?: (field: string) => string,
): FieldProblem[] {
  return issues.flatMap((issue) => {
    const field = issue.path.map(String).join('.');
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        field: field === '' ? key : `${field}.${key}`,
        message: `is not a known field${suggestion(field, key, known)}`,
      }));
    }
    const value = valueAt(input, issue.path);
    const message = describe(issue, value);
    const isBlank = remedyForBlank !== undefined && typeof value === 'string' && value.trim() === '';
    return [{ field, message: isBlank ? `${message}; ${remedyForBlank(field)}` : message }];
  });
}

/** Among its siblings only: `address.nmae` is not meant to be `name`. */
function suggestion(parent: string, key: string, known: readonly string[]): string {
  if (parent === '') return nearest(key, known);
  const start = `${parent}.`;
  const siblings = known.filter((name) => name.startsWith(start)).map((name) => name.slice(start.length));
  return nearest(key, siblings);
}

function describe(issue: Issue, value: unknown): string {
  if (issue.code === 'invalid_key') return `has a key that ${describeKey(issue)}`;
  if (value === undefined) return 'is missing';
  if (typeof value === 'string' && value.trim() === '') {
    return value === '' ? 'is empty text' : 'is nothing but white space';
  }
  // A field that is refused says itself why.
  if (issue.code === 'invalid_type' && issue.expected === 'never') return issue.message;
  if (issue.code === 'invalid_type') return `must be ${articled(issue.expected)}, not ${kindOf(value)}`;
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'invalid_union' && issue.message === 'Invalid input')
    return `does not fit (it is ${kindOf(value)})`;
  if (issue.code === 'too_big' || issue.code === 'too_small') return describeLimit(issue);
  return issue.message;
}

const counted: Readonly<Record<string, string>> = { string: ' characters', array: ' items', object: ' members' };

/** Where the schema does not say it in its own words. */
function describeLimit(issue: z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall): string {
  if (!/^Too (big|small):/.test(issue.message)) return issue.message;
  const what = counted[issue.origin] ?? '';
  const has = what === '' ? 'must be' : 'must have';
  if (issue.code === 'too_big')
    return `${has} ${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}${what}`;
  return `${has} ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${what}`;
}

function describeKey({ issues }: z.core.$ZodIssueInvalidKey): string {
  const [first] = issues;
  return first === undefined || first.code === 'too_small' ? 'is empty' : first.message;
}

const articles: Readonly<Record<string, string>> = {
  object: 'an object',
  record: 'an object',
  array: 'a list',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  null: 'null',
};

function articled(type: string): string {
  return articles[type] ?? type;
}

/** What kind of value it is, in the words of the messages. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return articled(typeof value);
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (isObject(value) && Object.hasOwn(value, key) ? value[String(key)] : undefined),
    input,
  );
}
