import { describe, expect, it } from 'vitest';
import { builtInProviders } from '../../integrations/registry.js';
import { customerSchema } from '../../schemas/customer.js';
import { parseCustomer } from '../../src/core/customer/parse-customer.js';
import { compileMapping, parseMapping } from '../../src/core/mapping/compile-mapping.js';
import { compileSetter, parsePath } from '../../src/core/mapping/path.js';
import type { MappingReport } from '../../src/core/mapping/report.js';
import { sourcePaths } from '../../src/core/mapping/source.js';

/** Fields of the model that say something about the row, not about the customer at a provider. */
const aboutTheRow = ['updated_at', 'deleted', 'provider_fields'];
const canonicalFields = Object.keys(customerSchema.shape).filter((field) => !aboutTheRow.includes(field));

describe.each(builtInProviders.map((provider) => [provider.definition.id, provider] as const))('%s', (id, provider) => {
  const mapping = parseMapping(provider.mapping, id);
  const compiled = compileMapping(mapping);
  const rules = Object.entries(mapping.fields);

  it('names its own provider and the schema for editors', () => {
    expect(mapping).toMatchObject({ provider: id, $schema: '../../schemas/json/mapping.schema.json' });
  });

  it.each(mapping.examples)('does what its example says: $name', ({ customer, on = 'create', payload }) => {
    const report: MappingReport = {};
    expect(compiled.toPayload(customer, on, report)).toEqual(payload);
    expect(report.issues).toBeUndefined();
  });

  it.each(mapping.examples)('has a customer in its example that is valid: $name', ({ customer }) => {
    expect(parseCustomer(customer)).toEqual({ ok: true, customer });
    const own = parseCustomer(customer);
    const fields = own.ok ? own.customer.provider_fields?.[id] : undefined;
    if (fields !== undefined) expect(provider.fields.safeParse(fields).error).toBeUndefined();
  });

  it.each(canonicalFields)('has a place for %s, or says why not', (field) => {
    const read = rules.flatMap(([, rule]) => sourcePaths(rule)).map((path) => path.split('.')[0]);
    const written = read.includes(field);
    const reason = mapping.unsupported?.[field] ?? '';
    expect(written || reason.length > 5).toBe(true);
  });

  it('gives reasons for canonical fields only', () => {
    for (const field of Object.keys(mapping.unsupported ?? {})) expect(canonicalFields).toContain(field);
  });

  it('writes no field that it says it does not write', () => {
    for (const field of Object.keys(mapping.not_written ?? {})) expect(mapping.fields).not.toHaveProperty([field]);
  });

  it('says why wherever it says that a field cannot be cleared', () => {
    for (const [target, rule] of rules) {
      if (rule.clear === 'unsupported') expect(rule.clear_reason, target).toBeTruthy();
    }
  });

  it('has rules for what its definition relies on', () => {
    const { match, confirm = [] } = provider.definition.identity;
    expect(mapping.fields[match.target]).toMatchObject({ required: true });
    for (const target of confirm) expect(compiled.rule(target)?.read).toBeDefined();
    const correctable: unknown = provider.definition.corrected_after_create ?? [];
    for (const target of Array.isArray(correctable) ? correctable : []) expect(compiled.rule(target)).toBeDefined();
  });

  it('reads our id, or the match value, where the definition says that the record has it', () => {
    const { match } = provider.definition.identity;
    const rule = compiled.rule(match.target);
    const record = {};
    compileSetter(parsePath(match.record))(record, 'x');
    expect(rule?.read?.(record)).toBe('x');
  });
});
