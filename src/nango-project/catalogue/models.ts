import type { JsonSchema } from './compiled-functions.js';

/** A model as nango.yaml writes it: the type of each field, `?` after the name of an optional one. */
type Model = Readonly<Record<string, string>>;

/** Collects the models that the types of a catalogue name. */
export interface ModelCollector {
  readonly models: ReadonlyMap<string, Model>;
  /** The type in nango.yaml's words. Objects become models: the known one that is equal, or one of this name. */
  typeOf(schema: JsonSchema, name: string): string;
}

export function createModelCollector(known: Readonly<Record<string, JsonSchema>>): ModelCollector {
  const knownNames = new Map(Object.entries(known).map(([name, schema]) => [JSON.stringify(schema), name]));
  const models = new Map<string, Model>();

  function typeOf(schema: JsonSchema, name: string): string {
    if (schema.anyOf !== undefined) return unionOf(schema.anyOf, name);
    if (schema.enum !== undefined) return schema.enum.join(' | ');
    switch (schema.type) {
      case undefined:
        return 'any';
      case 'object':
        return objectOf(schema, name);
      case 'array':
        // The format has no list of a union, so it is written as a union of lists.
        return typeOf(schema.items ?? {}, name)
          .split(' | ')
          .map((type) => `${type}[]`)
          .join(' | ');
      default:
        return schema.type === 'integer' ? 'number' : schema.type;
    }
  }

  function unionOf(members: readonly JsonSchema[], name: string): string {
    const objects = members.filter((member) => isModel(member) && !knownNames.has(JSON.stringify(member)));
    const types = members.map((member) => {
      const number = objects.length > 1 ? objects.indexOf(member) + 1 : 0;
      return typeOf(member, number > 0 ? `${name}${number}` : name);
    });
    return [...new Set(types.flatMap((type) => type.split(' | ')))].join(' | ');
  }

  function objectOf(schema: JsonSchema, name: string): string {
    if (!isModel(schema)) return 'object';
    const modelName = knownNames.get(JSON.stringify(schema)) ?? name;
    // Set after those it names: the parser takes a model that is used twice before it is defined for a cycle.
    if (!models.has(modelName)) models.set(modelName, fieldsOf(schema, modelName));
    return modelName;
  }

  function fieldsOf({ properties = {}, required = [], additionalProperties }: JsonSchema, name: string): Model {
    const fields = Object.entries(properties).map(([field, schema]) => [
      required.includes(field) ? field : `${field}?`,
      typeOf(schema, `${name}${pascalCase(field)}`),
    ]);
    const others = typeof additionalProperties === 'object' ? [['__string', typeOf(additionalProperties, name)]] : [];
    return Object.fromEntries([...fields, ...others]);
  }

  return { models, typeOf };
}

/** Whether an object says more than that it has fields. */
function isModel({ type, properties, additionalProperties: others }: JsonSchema): boolean {
  if (type !== 'object') return false;
  return properties !== undefined || (typeof others === 'object' && (others.type ?? others.anyOf) !== undefined);
}

function pascalCase(name: string): string {
  return name.replace(/(?:^|[^a-zA-Z0-9]+)([a-zA-Z0-9])/g, (_, first: string) => first.toUpperCase());
}
