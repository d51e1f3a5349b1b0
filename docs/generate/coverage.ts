import type { Mapping } from '../../schemas/mapping.js';
import type { Provider } from '../../src/core/connector.js';
import { parseMapping } from '../../src/core/mapping/compile-mapping.js';
import { coverageOf, coveredFields, type FieldCoverage, ownFieldCoverage } from './field-coverage.js';
import { lossesOf } from './losses.js';
import { code, table } from './markdown.js';

/** `docs/coverage.md`: what becomes of every field at every provider. */
export function coverageDocument(providers: readonly Provider[]): string {
  const parts = providers.map(({ definition, mapping }) => ({
    name: definition.name,
    mapping: parseMapping(mapping, definition.id),
  }));
  return `# Coverage

Generated from the mappings by \`npm run docs\`; a test fails when it is out of date. \`partly\` means that something is lost
or stands in on the way; the table of the provider says what.

${overview(parts)}

\`updated_at\` and \`deleted\` say something about the row, not about the customer at a provider, and are in no mapping.

${parts.map(providerSection).join('\n\n')}
`;
}

interface Part {
  readonly name: string;
  readonly mapping: Mapping;
}

function overview(parts: readonly Part[]): string {
  const columns = parts.map(({ mapping }) => new Map(coverageOf(mapping).map(({ field, status }) => [field, status])));
  const rows = coveredFields.map((field) => [code(field), ...columns.map((column) => column.get(field) ?? 'no')]);
  return table(['field', ...parts.map(({ name }) => name)], rows);
}

function providerSection({ name, mapping }: Part): string {
  const own = ownFieldCoverage(mapping);
  const notWritten = Object.entries(mapping.not_written ?? {});
  return [
    `## ${name}`,
    fieldTable(coverageOf(mapping)),
    `What only ${name} has, under ${code(`provider_fields.${mapping.provider}`)}:`,
    fieldTable(own.map((row) => ({ ...row, field: row.field.split('.').slice(2).join('.') }))),
    ...(notWritten.length === 0
      ? []
      : [
          'Fields of the API that are left alone on purpose:',
          table(
            ['field', 'why'],
            notWritten.map(([field, reason]) => [code(field), reason]),
          ),
        ]),
    `What a customer that was written and read back has lost, all else being the same:`,
    table(
      ['field', 'what is lost'],
      lossesOf(mapping).map(({ field, loss }) => [code(field), loss]),
    ),
  ].join('\n\n');
}

function fieldTable(rows: readonly FieldCoverage[]): string {
  return table(
    ['field', 'mapped', 'to', 'cleared', 'write', 'limits', 'read back'],
    rows.map(({ field, status, where, cleared, write, limits, readBack }) => [
      code(field),
      status,
      where,
      cleared,
      write,
      limits,
      readBack,
    ]),
  );
}
