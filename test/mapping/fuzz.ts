import fc from 'fast-check';
import { builtInProviders } from '../../integrations/registry.js';
import type { Customer } from '../../schemas/customer.js';
import { parseCustomer } from '../../src/core/customer/parse-customer.js';
import type { CompiledMapping } from '../../src/core/mapping/compile-mapping.js';
import { compileLimits, isLonger } from '../../src/core/mapping/limits.js';
import { compileGetter, isObject, parsePath } from '../../src/core/mapping/path.js';
import { providerMapping } from '../../src/core/mapping/provider-mapping.js';
import type { MappingReport } from '../../src/core/mapping/report.js';
import type { CompiledRule } from '../../src/core/mapping/rule.js';
import { planUpsert } from '../../src/core/upsert/plan-upsert.js';
import { storedAfterCreate } from '../core/mapping/stored-records.js';
import { customersOf } from './customers-of.js';

export interface Fuzzed {
  /** Payloads that were made, and customers that a limit refused. */
  readonly payloads: number;
  readonly refused: number;
}

/** How many customers are made at a time. */
const batch = 500;

/**
 * Sends random valid customers through every provider's mapping: a create, an update, a plan against nothing and one
 * against what the create has left.
 * @throws Error for the first payload that breaks a limit, with the seed; whatever a mapping throws comes through.
 */
export function fuzz(customers: number, seed: number): Fuzzed {
  let [payloads, refused] = [0, 0];
  for (const provider of builtInProviders) {
    const { id } = provider.definition;
    const mapping = providerMapping(provider);
    const violations = compileViolations(mapping);
    for (let made = 0; made < customers; made += batch) {
      const sample = { numRuns: Math.min(batch, customers - made), seed: seed + made };
      for (const customer of fc.sample(customersOf(id), sample)) {
        const broken = send(id, mapping, customer).flatMap((payload) => {
          payloads += payload === undefined ? 0 : 1;
          refused += payload === undefined ? 1 : 0;
          return payload === undefined ? [] : violations(payload);
        });
        if (broken.length > 0)
          throw new Error(`${id}, seed ${sample.seed}: ${broken[0]} for ${JSON.stringify(customer)}`);
      }
    }
  }
  return { payloads, refused };
}

/** Every payload that a customer can give; `undefined` for one that is refused. */
function send(id: string, mapping: CompiledMapping, customer: Customer): (object | undefined)[] {
  if (!parseCustomer(customer).ok) throw new Error(`${id}: the customer is not valid: ${JSON.stringify(customer)}`);
  const [created, updated] = (['create', 'update'] as const).map((mode) => {
    const report: MappingReport = {};
    const payload = mapping.toPayload(customer, mode, report);
    return report.issues === undefined ? payload : undefined;
  });
  const record = created === undefined ? {} : (storedAfterCreate[id]?.(created) ?? {});
  mapping.observe(record, 'p1');
  const planned = [{ kind: 'absent' } as const, { kind: 'record', record, providerId: 'p1' } as const].map((stored) => {
    const plan = planUpsert({ to: id, mapping, customer, stored });
    return plan.kind === 'plan' ? (plan.plan.payload ?? {}) : undefined;
  });
  return [created, updated, ...planned];
}

/** A function that names each limit of the rules that a payload breaks. */
export function compileViolations({ rules }: CompiledMapping): (payload: object) => string[] {
  const checks = rules.map((rule) => ({
    rule,
    get: compileGetter(parsePath(rule.target)),
    check: compileLimits(rule.rule),
  }));
  return (payload) =>
    checks.flatMap(({ rule, get, check }) => {
      const value = get(payload);
      if (value === undefined || value === null || value === '') return [];
      const over = check?.(value).kind === 'over' ? [`${rule.target} is over a limit`] : [];
      return [...over, ...keyViolations(rule, value)];
    });
}

function keyViolations({ target, rule }: CompiledRule, value: unknown): string[] {
  const { keyed } = rule;
  if (keyed === undefined || !isObject(value)) return [];
  const { max_items: items = Infinity, max_key_length: key = Infinity, max_value_length: length = Infinity } = keyed;
  const entries: [unknown, unknown][] = Array.isArray(value)
    ? value.filter(isObject).map((entry) => [entry[keyed.key ?? 'key'], entry[keyed.value ?? 'value']])
    : Object.entries(value);
  return [
    ...(entries.length > items ? [`${target} has ${entries.length} keys`] : []),
    ...entries.flatMap(([name, text]) =>
      isTooLong(name, key) || isTooLong(text, length) ? [`${target} has a long entry`] : [],
    ),
  ];
}

function isTooLong(value: unknown, max: number): boolean {
  return typeof value === 'string' && isLonger(value, max);
}
