import type { Warning } from '../../../schemas/outcome.js';
import { type CompiledMapping, compileMapping, parseMapping } from '../../../src/core/mapping/compile-mapping.js';
import type { FieldIssue, MappingReport, WriteMode } from '../../../src/core/mapping/report.js';

export type Fields = Readonly<Record<string, unknown>>;

/** The content of a mapping file that has these rules. */
export function mappingFile(fields: Fields, more: Readonly<Record<string, unknown>> = {}): unknown {
  return { provider: 'test', fields, examples: [{ name: 'none', customer: {}, payload: {} }], ...more };
}

/** The rules, checked and compiled as those of a file are. */
export function compileFields(fields: Fields): CompiledMapping {
  return compileMapping(parseMapping(mappingFile(fields), 'test'));
}

export interface Mapped {
  readonly payload: Readonly<Record<string, unknown>>;
  readonly issues: readonly FieldIssue[];
  readonly warnings: readonly Warning[];
}

export function mapCustomer(fields: Fields, customer: unknown, mode: WriteMode = 'create'): Mapped {
  const report: MappingReport = {};
  const payload = compileFields(fields).toPayload(customer, mode, report);
  return { payload, issues: report.issues ?? [], warnings: report.warnings ?? [] };
}
