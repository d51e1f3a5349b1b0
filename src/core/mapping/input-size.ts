import { isObject } from './path.js';

/** What a mapping, an overlay or a source mapping may be; the largest that is shipped has a tenth of each. */
export const sizeLimits = { depth: 32, values: 20_000, characters: 1_000_000, bytes: 2_000_000 } as const;

export interface Refusal {
  readonly code: 'size' | 'schema';
  readonly message: string;
  readonly remedy: string;
}

/**
 * Why a file's content is not looked at any further: it is nested or grown beyond what a mapping needs, or has a key that
 * reaches a prototype. Walks without recursion, and stops at the first reason, since the content is not to be trusted.
 */
export function refusalOf(input: unknown): Refusal | undefined {
  const rest: { readonly value: unknown; readonly depth: number }[] = [{ value: input, depth: 1 }];
  let values = 0;
  let characters = 0;
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    const { value, depth } = next;
    values += 1;
    if (typeof value === 'string') characters += value.length;
    if (depth > sizeLimits.depth) return tooLarge(`is nested more than ${sizeLimits.depth} levels deep`);
    if (isObject(value)) {
      // The keys of a list that is far too long are not even listed.
      const keys = Array.isArray(value) && value.length > sizeLimits.values ? [] : Object.keys(value);
      const members = Array.isArray(value) ? value.length : keys.length;
      if (values + rest.length + members > sizeLimits.values)
        return tooLarge(`holds more than ${sizeLimits.values} values`);
      for (const key of keys) {
        if (key === '__proto__') return hasPrototypeKey;
        characters += key.length;
        rest.push({ value: value[key], depth: depth + 1 });
      }
    }
    if (characters > sizeLimits.characters) {
      return tooLarge(`holds more than ${sizeLimits.characters} characters of text`);
    }
  }
  return undefined;
}

function tooLarge(message: string): Refusal {
  return { code: 'size', message, remedy: 'Write a mapping of a size that a person can read.' };
}

const hasPrototypeKey: Refusal = {
  code: 'schema',
  message: 'has the key "__proto__", which is never accepted',
  remedy: 'Remove the key.',
};
