import type { ProviderDefinition } from '../../schemas/definition.js';
import { cardOf } from '../../src/cli/commands/providers.js';
import type { Provider } from '../../src/core/connector.js';
import { betweenMarkers, code, codes, table } from './markdown.js';

/** `README.md`: written by hand, but for the table of the providers. */
export function readmeDocument(text: string, providers: readonly Provider[]): string {
  return betweenMarkers(text, 'providers', `\n${providerTable(providers)}\n`);
}

function providerTable(providers: readonly Provider[]): string {
  return table(
    ['provider', 'found by', 'written by', 'cannot be cleared', 'rate limit of updates', 'key, base URL'],
    providers.map((provider) => {
      const { definition } = provider;
      const card = cardOf(provider);
      const fixed = Object.keys(card.cannot_clear);
      return [
        `[${card.name}](docs/providers/${card.id}.md) (${code(card.id)})`,
        code(card.found_by),
        card.written_by,
        fixed.length === 0 ? '–' : codes(fixed),
        limitText(definition),
        `${code(card.environment.key)}, ${code(card.environment.base_url)}${regionsText(definition)}`,
      ];
    }),
  );
}

function limitText({ limits }: ProviderDefinition): string {
  const limit = limits.find(({ operations }) => operations === undefined || operations.includes('update'));
  return limit === undefined ? 'none' : `${limit.documented} (working: ${limit.requests_per_second}/s)`;
}

function regionsText({ api: { other_base_urls: others = {} } }: ProviderDefinition): string {
  const names = Object.keys(others);
  return names.length === 0 ? '' : ` (also ${codes(names)})`;
}
