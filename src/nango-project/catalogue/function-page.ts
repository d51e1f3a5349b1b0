import {
  type CompiledAction,
  type CompiledSync,
  definitionOf,
  type JsonSchema,
  titleOf,
} from './compiled-functions.js';

const heading = '<!-- Written by `npm run nango:manifest` from what `nango compile` finds. -->';

/** The reference page of one function, in the form of Nango's own. */
export function functionPage(integration: string, entry: CompiledAction | CompiledSync): string {
  const sections = entry.type === 'action' ? actionSections(integration, entry) : syncSections(integration, entry);
  return `${[heading, `# ${titleOf(entry.name)}`, generalInformation(integration, entry), ...sections].join('\n\n')}\n`;
}

function generalInformation(integration: string, entry: CompiledAction | CompiledSync): string {
  const code = `integrations/${integration}/${entry.type}s/${entry.name}.ts`;
  return [
    '## General Information',
    '',
    `- **Description:** ${entry.description}`,
    `- **Version:** ${entry.version}`,
    `- **Scopes:** ${entry.scopes.length === 0 ? '_None_' : `\`${entry.scopes.join(', ')}\``}`,
    `- **Type:** ${titleOf(entry.type)}`,
    ...(entry.type === 'sync'
      ? [`- **Frequency:** ${entry.runs}`, `- **Starts by itself:** ${entry.auto_start ? 'yes' : 'no'}`]
      : []),
    `- **Code:** [${code}](../../../../${code})`,
  ].join('\n');
}

function actionSections(integration: string, action: CompiledAction): string[] {
  const [output = ''] = action.output;
  return [
    '## Request',
    block('ts', `await nango.triggerAction('${integration}', '<connection id>', '${action.name}', input);`),
    '### Request Body',
    ...samples(definitionOf(action, action.input)),
    '### Request Response',
    ...samples(definitionOf(action, output)),
  ];
}

function syncSections(integration: string, sync: CompiledSync): string[] {
  return sync.output.flatMap((model) => [
    '## Request',
    block(
      'ts',
      `await nango.listRecords({ providerConfigKey: '${integration}', connectionId: '<connection id>', model: '${model}' });`,
    ),
    '### Record',
    ...samples(definitionOf(sync, model)),
  ]);
}

/** One block for each form that is accepted or answered. */
function samples({ anyOf, ...schema }: JsonSchema): string[] {
  return (anyOf ?? [schema])
    .map((form) => block('json', JSON.stringify(sampleOf(form), undefined, 2)))
    .flatMap((form, index) => (index === 0 ? [form] : ['or', form]));
}

function sampleOf(schema: JsonSchema): unknown {
  const { anyOf, type, properties, required = [], items } = schema;
  const structured = anyOf?.filter(isStructured) ?? [];
  if (structured.length > 0) return structured.length === 1 ? structured.map(sampleOf)[0] : structured.map(sampleOf);
  if (properties !== undefined) {
    return Object.fromEntries(
      Object.entries(properties).map(([name, value]) => [required.includes(name) ? name : `${name}?`, sampleOf(value)]),
    );
  }
  if (type === 'array') return items?.anyOf?.every(isStructured) ? sampleOf(items) : [sampleOf(items ?? {})];
  return `<${wordOf(schema)}>`;
}

function isStructured({ type, properties }: JsonSchema): boolean {
  return properties !== undefined || type === 'array';
}

function wordOf({ anyOf, enum: values, type }: JsonSchema): string {
  if (anyOf !== undefined) return [...new Set(anyOf.map(wordOf))].join(' | ');
  return values?.join(' | ') ?? type ?? 'any';
}

function block(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}
