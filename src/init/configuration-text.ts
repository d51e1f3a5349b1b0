import type { ProviderDefinition } from '../../schemas/definition.js';

/** A source as the configuration has it, in the order of its lines. */
export interface NewSource {
  /** Of the source, and of the job that reads it. */
  readonly name: string;
  readonly settings: readonly (readonly [setting: string, value: string | boolean])[];
  /** What a reader wants to know of a setting. */
  readonly remarks: Readonly<Record<string, readonly string[]>>;
}

interface NewConfiguration {
  readonly source: NewSource;
  readonly to: readonly ProviderDefinition[];
  /** Path of the JSON Schema, for editors. */
  readonly schema: string | undefined;
}

/** A configuration of one source and one job, with what a reader wants to know beside each line. */
export function configurationText({ source, to, schema }: NewConfiguration): string {
  const { name, settings, remarks } = source;
  return [
    ...(schema === undefined ? [] : [`# yaml-language-server: $schema=${schema}`]),
    '# docs/configuration.md of customer-sync describes every setting; "customer-sync doctor" checks them.',
    '# What runs remember is kept in .customer-sync/, which belongs into no repository.',
    '',
    '# Where customers come from.',
    'sources:',
    `  ${scalar(name)}:`,
    ...settings.flatMap(([setting, value]) => [
      ...(remarks[setting] ?? []).map((remark) => `    # ${remark}`),
      `    ${setting}: ${scalar(value)}`,
    ]),
    '',
    '# Accounts they go to. A key never stands here, only the name of the variable that holds it.',
    'connections:',
    ...to.flatMap(connectionLines),
    '',
    'jobs:',
    `  ${scalar(name)}:`,
    `    source: ${scalar(name)}`,
    `    to: [${to.map(({ id }) => id).join(', ')}]`,
    '    # Creates and updates. Others: update_only, create_only, and mirror, which archives who left the source.',
    '    mode: upsert',
    '    # A run stops before it writes when more of the known customers changed than this, or when the source lost more.',
    '    guards: { max_changed_percent: 30, max_shrink_percent: 10 }',
    '    # "customer-sync serve" keeps to it; "0 3 * * *" with "timezone: Europe/Berlin" works as well.',
    '    # schedule: every 15m',
    '',
  ].join('\n');
}

function connectionLines({ id, api, auth }: ProviderDefinition): string[] {
  const regions = Object.keys(api.other_base_urls ?? {});
  const others = regions.length === 0 ? '' : ` (other regions: ${regions.join(', ')})`;
  return [
    `  ${id}:`,
    `    provider: ${id}`,
    `    credentials: { api_key: '\${env:${auth.env}}' }`,
    `    # base_url: https://... # else ${api.base_url_env}, else ${api.base_url}${others}`,
  ];
}

/** Plain where YAML cannot take it for anything but text; JSON is YAML. */
function scalar(value: string | boolean): string {
  const isPlain = typeof value === 'boolean' || /^(?:[A-Za-z_/]|\.\.?\/)(?:[\w./ -]*\w)?$/.test(value);
  const isWord = typeof value === 'string' && /^(?:true|false|null|yes|no|on|off|y|n)$/i.test(value);
  return isPlain && !isWord ? String(value) : JSON.stringify(value);
}

/** A name of a source made of the name of a file or a table. */
export function sourceName(text: string): string {
  const name = text
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^[^A-Za-z]+|-+$/g, '')
    .slice(0, 64);
  return name === '' ? 'customers' : name;
}
