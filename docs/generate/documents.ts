import { readFileSync } from 'node:fs';
import { builtInProviders } from '../../integrations/registry.js';
import { cliDocument } from './cli.js';
import { coverageDocument } from './coverage.js';
import { errorsDocument } from './errors.js';
import { mappingDocument } from './mapping.js';
import { providerDocument } from './provider-page.js';
import { quickStartDocument } from './quick-start.js';
import { readmeDocument } from './readme.js';

/** Documents that are made from the code, or have parts that are, by path. A test fails when one is out of date. */
export async function documents(): Promise<Readonly<Record<string, string>>> {
  const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
  const pages = await Promise.all(
    builtInProviders.map(
      async (provider) => [`docs/providers/${provider.definition.id}.md`, await providerDocument(provider)] as const,
    ),
  );
  return {
    'README.md': readmeDocument(read('README.md'), builtInProviders),
    ...Object.fromEntries(pages),
    'docs/cli.md': await cliDocument(builtInProviders),
    'docs/coverage.md': coverageDocument(builtInProviders),
    'docs/errors.md': errorsDocument(),
    'docs/mapping.md': mappingDocument(read('docs/mapping.md')),
    'docs/quick-start.md': await quickStartDocument(read('docs/quick-start.md')),
  };
}
