import type { SourceMapping } from '../../schemas/mapping.js';

/**
 * One rule a line, as one would write it by hand.
 * @param schema path of the JSON Schema, for editors.
 */
export function mappingText({ fields, ignored }: SourceMapping, schema: string | undefined): string {
  const head = schema === undefined ? {} : { $schema: schema };
  const members = Object.entries({ ...head, fields, ...(ignored !== undefined && { ignored }) }).map(
    ([key, member]) => {
      const text = typeof member === 'string' ? JSON.stringify(member) : `{\n${entryLines(member).join(',\n')}\n  }`;
      return `  ${JSON.stringify(key)}: ${text}`;
    },
  );
  return `{\n${members.join(',\n')}\n}\n`;
}

function entryLines(entries: object): string[] {
  return Object.entries(entries).map(([key, value]) => {
    const text = JSON.stringify(value, null, 1).replace(/\n\s*/g, ' ');
    return `    ${JSON.stringify(key)}: ${text}`;
  });
}
