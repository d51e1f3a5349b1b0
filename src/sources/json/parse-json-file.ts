import { refuseDuplicateKeys } from './duplicate-keys.js';
import { refuseBrokenJson } from './json-scan.js';

interface JsonFile<T> {
  /** For messages. */
  readonly name: string;
  /** What to do when it is not JSON. */
  readonly remedy: string;
  readonly parse: (value: unknown) => T;
}

/**
 * Reads the JSON of a file that people write, with a byte order mark or without.
 * @throws CustomerSyncError `config` with line and column of what is not JSON, and for a key that stands twice; what
 * `parse` throws comes before the latter.
 */
export function parseJsonFile<T>(text: string, { name, remedy, parse }: JsonFile<T>): T {
  const json = text.startsWith('\ufeff') ? text.slice(1) : text;
  refuseBrokenJson(json, name, remedy);
  const parsed = parse(JSON.parse(json));
  refuseDuplicateKeys(json, name);
  return parsed;
}
