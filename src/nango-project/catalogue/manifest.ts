import {
  type CompiledAction,
  type CompiledProject,
  type CompiledSync,
  definitionOf,
  type JsonSchema,
  titleOf,
} from './compiled-functions.js';
import { createModelCollector, type ModelCollector } from './models.js';

const heading = `# Catalogue of the Nango functions in integrations/, for people and for tools that read nango.yaml. Nango's CLI does
# not: it refuses a folder that has this file, so run it inside integrations/.
# Written by \`npm run nango:manifest\` from what \`nango compile\` finds.
`;

/**
 * The catalogue in the form of nango.yaml, version 2.
 * @param known schemas that have a name of their own, as Nango's compiler writes them.
 */
export function manifestText(project: CompiledProject, known: Readonly<Record<string, JsonSchema>>): string {
  const collector = createModelCollector(known);
  const integrations = project.flatMap(({ providerConfigKey, actions, syncs }) => [
    `  ${providerConfigKey}:`,
    '    actions:',
    ...actions.flatMap((action) => actionLines(action, providerConfigKey, collector)),
    '    syncs:',
    ...syncs.flatMap((sync) => syncLines(sync, collector)),
  ]);
  const models = [...collector.models].flatMap(([name, fields]) => [
    `  ${name}:`,
    ...Object.entries(fields).map(([field, type]) => `    ${field}: ${scalar(type)}`),
  ]);
  return `${heading}\nintegrations:\n${integrations.join('\n')}\n\nmodels:\n${models.join('\n')}\n`;
}

function actionLines(action: CompiledAction, integration: string, { typeOf }: ModelCollector): string[] {
  const name = titleOf(`${integration} ${action.name}`).replaceAll(' ', '');
  const output = action.output.map((model) => typeOf(definitionOf(action, model), `${name}Output`));
  return [
    ...commonLines(action),
    `        input: ${scalar(typeOf(definitionOf(action, action.input), `${name}Input`))}`,
    `        output: ${scalar(output.join(' | '))}`,
  ];
}

function syncLines(sync: CompiledSync, { typeOf }: ModelCollector): string[] {
  const models = sync.output.map((model) => typeOf(definitionOf(sync, model), model));
  return [
    ...commonLines(sync),
    `        runs: ${scalar(sync.runs)}`,
    `        auto_start: ${sync.auto_start}`,
    `        output: ${scalar(models.join(' | '))}`,
  ];
}

function commonLines({ name, description, version, scopes }: CompiledAction | CompiledSync): string[] {
  return [
    `      ${name}:`,
    `        description: ${scalar(description)}`,
    `        version: ${scalar(version)}`,
    `        scopes: [${scopes.map((scope) => JSON.stringify(scope)).join(', ')}]`,
  ];
}

const plain = /^[a-zA-Z_][\w .|[\]()/-]*$|^\d+\.\d+\.\d+$/;
const reserved = /^(?:true|false|null|yes|no|on|off)$/i;

function scalar(text: string): string {
  return plain.test(text) && !reserved.test(text) ? text : JSON.stringify(text);
}
