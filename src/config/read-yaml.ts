import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from 'yaml';
import { refusedKeys } from '../core/mapping/path.js';

/** Something wrong with a file, and where. */
export interface Fault {
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** A YAML file as plain values, and the way back to where they stand. */
export interface YamlFile {
  readonly value: unknown;
  /** Where the value at a path stands, or the nearest thing around it; `key`: where its name stands. */
  locate(path: readonly PropertyKey[], part?: 'key'): { readonly line: number; readonly column: number };
}

/** Aliases multiply what they name; a configuration needs a few, and an attack needs thousands. */
const maxAliases = 100;

/** Reads YAML 1.2 as data and nothing else: no tags, no merge keys, no keys that are special to JavaScript. */
export function readYaml(text: string): YamlFile | readonly Fault[] {
  try {
    return parseYaml(text);
  } catch (error) {
    // The parser calls itself for every level, and refuses aliases that multiply by an error of its own.
    if (error instanceof RangeError) return [{ line: 1, column: 1, message: 'is nested too deeply' }];
    if (error instanceof ReferenceError) return [{ line: 1, column: 1, message: 'uses aliases that multiply' }];
    throw error;
  }
}

function parseYaml(text: string): YamlFile | readonly Fault[] {
  const lines = new LineCounter();
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    merge: false,
    uniqueKeys: true,
    stringKeys: true,
    prettyErrors: false,
    lineCounter: lines,
  });
  if (document.errors.some(({ code }) => code === 'RESOURCE_EXHAUSTION'))
    return [{ line: 1, column: 1, message: 'is nested too deeply' }];
  const faults: Fault[] = [...document.errors, ...document.warnings].map(({ pos, code, message }) => ({
    ...at(pos[0]),
    message: ownWords[code] ?? printableCause(message),
  }));
  if (faults.length === 0)
    faults.push(...findUnsafe(document).map(({ offset, message }) => ({ ...at(offset), message })));
  if (faults.length > 0) return faults;
  return {
    value: document.toJS({ maxAliasCount: maxAliases }),
    locate: (path, part) => at(offsetOf(document, path, part)),
  };
}

const hasTag = 'has a tag; only plain values are read';

/** Where the parser speaks to programmers. */
const ownWords: Readonly<Record<string, string>> = {
  TAG_RESOLVE_FAILED: hasTag,
  MULTIPLE_DOCS: 'begins a second document; a file is one',
  DUPLICATE_KEY: 'stands twice in the same object',
};

/** The parser's first line; what follows quotes the file, in which a secret may stand. */
function printableCause(message: string): string {
  const [first = ''] = message.split('\n');
  return first.replace(/:? ?"[^"]*"|: .*$/g, '');
}

function findUnsafe(document: Document): { readonly offset: number; readonly message: string }[] {
  const found: { offset: number; message: string }[] = [];
  let aliases = 0;
  const note = (node: unknown, message: string) => {
    found.push({ offset: startOf(node), message });
  };
  visit(document, {
    Node(_key, node) {
      if (isAlias(node)) aliases += 1;
      else if (node.tag !== undefined) note(node, hasTag);
      if (isAlias(node) && aliases === maxAliases + 1) note(node, `uses more than ${maxAliases} aliases`);
      return isAlias(node) && aliases > maxAliases ? visit.BREAK : undefined;
    },
    Pair(_key, { key }) {
      if (!isScalar(key)) note(key, 'must be a plain name');
      else if (refusedKeys.has(String(key.value))) note(key, 'is a name that is never accepted');
      else if (key.value === '<<') note(key, 'merges, which is not read; write the settings out');
    },
  });
  return found;
}

function offsetOf(document: Document, path: readonly PropertyKey[], part: 'key' | undefined): number {
  let node: unknown = document.contents;
  let offset = startOf(node);
  for (const [index, key] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    if (!isCollection(node)) return offset;
    const pair = isMap(node)
      ? node.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === key)
      : undefined;
    const next: unknown = pair === undefined ? node.get(key, true) : pair.value;
    if (pair !== undefined) offset = startOf(pair.key);
    if (next === undefined || next === null) return offset;
    const isLast = index === path.length - 1;
    if (!(isLast && part === 'key') && hasPlace(next)) offset = startOf(next);
    node = next;
  }
  return offset;
}

function hasPlace(node: unknown): boolean {
  return typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range);
}

function startOf(node: unknown): number {
  if (!hasPlace(node)) return 0;
  const { range } = node as Node;
  return range?.[0] ?? 0;
}
