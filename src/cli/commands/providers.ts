import type { Command } from 'commander';
import { builtInProviders } from '../../../integrations/registry.js';
import type { Rule } from '../../../schemas/mapping.js';
import type { Provider } from '../../core/connector.js';
import { compileMapping, parseMapping } from '../../core/mapping/compile-mapping.js';
import { createRunner } from '../../runner/runner.js';
import { type Console, paint } from '../console.js';
import { writeText } from '../output.js';

export function addProviders(command: Command, console: Console): void {
  command
    .argument('[provider]', 'only this one')
    .option('--json', 'print as JSON')
    .action(async (key: string | undefined, { json }: { json?: true }) => {
      const chosen =
        key === undefined ? builtInProviders : [createRunner({ providers: builtInProviders }).provider(key)];
      const cards = chosen.map(cardOf);
      const text = json
        ? `${JSON.stringify(cards, null, 2)}\n`
        : cards.map((card) => cardText(card, console)).join('\n');
      await writeText(console.stdout, text);
    });
}

/** What a person wants to know of a provider before using it, all of it from its definition and mapping. */
export interface ProviderCard {
  readonly id: string;
  readonly name: string;
  readonly docs: string;
  readonly base_url: string;
  readonly environment: { readonly key: string; readonly base_url: string };
  readonly key_from?: string;
  readonly other_base_urls: Readonly<Record<string, string>>;
  readonly scopes: readonly string[];
  readonly found_by: string;
  readonly written_by: string;
  readonly limits: readonly string[];
  readonly fields: readonly string[];
  readonly provider_fields: readonly string[];
  readonly cannot_clear: Readonly<Record<string, string>>;
  readonly unsupported: Readonly<Record<string, string>>;
  readonly effects: { readonly create: readonly string[]; readonly update: readonly string[] };
  /** What a job that mirrors does to who left the source; absent where no such job is possible. */
  readonly archive?: { readonly effect: string; readonly consent?: string | undefined };
  readonly notes: readonly string[];
}

export function cardOf({ definition, mapping: file }: Provider): ProviderCard {
  const mapping = parseMapping(file, definition.id);
  const { rules } = compileMapping(mapping);
  const own = `provider_fields.${definition.id}.`;
  const written = [...new Set(rules.filter(({ field }) => field !== '').map(({ field }) => field))];
  const clears = new Set(rules.filter(({ rule }) => canClear(rule.clear)).map(({ field }) => field));
  const fixed = rules.filter(
    ({ keyed, field }) => keyed === undefined && !field.startsWith(own) && field !== 'id' && !clears.has(field),
  );
  const { api, archive, auth, identity, limits, effects, notes } = definition;
  return {
    id: definition.id,
    name: definition.name,
    docs: definition.docs,
    base_url: api.base_url,
    environment: { key: auth.env, base_url: api.base_url_env },
    ...(auth.where !== undefined && { key_from: auth.where }),
    other_base_urls: api.other_base_urls ?? {},
    scopes: auth.scopes,
    found_by: identity.match.record,
    written_by: identity.address === 'our_id' ? 'our id' : `${definition.name}'s id`,
    limits: limits.map(({ documented, requests_per_second: rate, operations }) => {
      const which = operations === undefined ? '' : `${operations.join(', ')}: `;
      return `${which}${documented}; used at most: ${rate}/s times the rate share`;
    }),
    fields: written.filter((field) => !field.startsWith(own)),
    provider_fields: written.filter((field) => field.startsWith(own)),
    cannot_clear: Object.fromEntries(
      fixed.map(({ field, rule }) => [field, rule.clear_reason ?? 'no way to clear it']),
    ),
    unsupported: mapping.unsupported ?? {},
    effects,
    ...(archive !== undefined && { archive: { effect: archive.effect, consent: archive.consent } }),
    notes: notes ?? [],
  };
}

function canClear(clear: Rule['clear']): boolean {
  return clear !== undefined && clear !== 'unsupported';
}

function cardText(card: ProviderCard, { stdout }: Console): string {
  const title = paint(stdout, 'bold', `${card.name} (${card.id})`);
  const regions = Object.entries(card.other_base_urls).map(([name, url]) => `, ${name}: ${url}`);
  const line = (label: string, text: string) => `  ${label.padEnd(16)}${text}`;
  const wrapped = (label: string, names: readonly string[]) =>
    linesOf(names).map((text, index) => line(index === 0 ? label : '', text));
  const section = (label: string, entries: readonly string[]) =>
    entries.length === 0 ? [] : [`  ${label}`, ...entries.map((entry) => `    ${entry}`)];
  const reasons = (record: Readonly<Record<string, string>>) =>
    Object.entries(record).map(([field, reason]) => `${field}: ${reason}`);
  return `${[
    title,
    line('documentation', card.docs),
    line('base URL', `${card.base_url}${regions.join('')} (${card.environment.base_url})`),
    line('key', card.environment.key),
    ...(card.key_from === undefined ? [] : [line('', card.key_from)]),
    line('scopes', card.scopes.join(', ')),
    line('found by', `${card.found_by}; written by ${card.written_by}`),
    ...wrapped('fields', card.fields),
    ...section('own fields', card.provider_fields),
    ...section('limits', card.limits),
    ...section('cannot clear', reasons(card.cannot_clear)),
    ...section('not supported', reasons(card.unsupported)),
    ...section('effects of a create', card.effects.create),
    ...section('effects of an update', card.effects.update),
    ...section('effect of archiving', archiveLines(card)),
    ...section('notes', card.notes),
  ].join('\n')}\n`;
}

function archiveLines({ archive }: ProviderCard): string[] {
  if (archive === undefined) return ['customers are not archived here: no job can mirror'];
  const { effect, consent } = archive;
  return [
    effect,
    ...(consent === undefined ? [] : [`a job that mirrors consents to that with consents: [${consent}]`]),
  ];
}

const longestLine = 80;

/** Names separated by commas, in lines of a readable length. */
function linesOf(names: readonly string[]): string[] {
  const lines: string[] = [];
  for (const name of names) {
    const last = lines.at(-1);
    if (last === undefined || last.length + name.length > longestLine) lines.push(name);
    else lines[lines.length - 1] = `${last}, ${name}`;
  }
  return lines.map((line, index) => (index === lines.length - 1 ? line : `${line},`));
}
