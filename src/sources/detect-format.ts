import { extname } from 'node:path';
import { isObject } from '../core/mapping/path.js';
import type { SourceFormat } from './customer-source.js';

const formatsByExtension: Readonly<Record<string, SourceFormat>> = {
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
  '.json': 'json',
  '.csv': 'csv',
  '.tsv': 'csv',
};

export function formatByName(path: string): SourceFormat | undefined {
  return formatsByExtension[extname(path.replace(/\.gz$/i, '')).toLowerCase()];
}

/** The format of a text that begins like this. Objects on several lines are JSONL, whatever the file is called. */
export function formatByContent(sample: string): SourceFormat {
  const text = sample.trimStart();
  if (text.startsWith('[')) return 'json';
  if (!text.startsWith('{')) return 'csv';
  const end = text.indexOf('\n');
  return end !== -1 && text.slice(end).trim() !== '' && isJsonObject(text.slice(0, end)) ? 'jsonl' : 'json';
}

function isJsonObject(text: string): boolean {
  try {
    return isObject(JSON.parse(text));
  } catch {
    return false;
  }
}
