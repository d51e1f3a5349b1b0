import { readFileSync } from 'node:fs';
import { builtInProviders } from '../../integrations/registry.js';
import { coverageDocument } from './coverage.js';
import { mappingDocument } from './mapping.js';

/** Documents that are made from the code, or have parts that are, by path. A test fails when one is out of date. */
export function documents(): Readonly<Record<string, string>> {
  const mapping = readFileSync(new URL('../mapping.md', import.meta.url), 'utf8');
  return {
    'docs/coverage.md': coverageDocument(builtInProviders),
    'docs/mapping.md': mappingDocument(mapping),
  };
}
