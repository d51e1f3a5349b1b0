import { compileGetter, isObject } from './path.js';
import { addWarning, type MappingReport, type WriteMode } from './report.js';
import type { CompiledRule } from './rule.js';

type Payload = Record<string, unknown>;

/** Puts what one rule, or some neighbours, have to say about a customer into the payload. */
type Step = (customer: unknown, payload: Payload, report: MappingReport) => void;

/**
 * Compiles the rules of one mode to a function that builds the whole payload. Most rules do nothing but copy a field,
 * so neighbours that copy from the same object are one step: the object is looked up once, and where the customer has
 * none, as most have no shipping address, all of them are passed over at once.
 */
export function compilePayload(rules: readonly CompiledRule[], mode: WriteMode) {
  const createPayload = compileCreatePayload(rules);
  const steps = mode === 'create' ? createSteps(rules) : rules.map((rule) => ruleStep(rule, mode));
  return (customer: unknown, report: MappingReport): Payload => {
    const payload = createPayload();
    for (const step of steps) step(customer, payload, report);
    return payload;
  };
}

function createSteps(rules: readonly CompiledRule[]): Step[] {
  const groups: { readonly parent: readonly string[] | undefined; readonly rules: CompiledRule[] }[] = [];
  for (const rule of rules) {
    const parent = rule.copiedFrom?.slice(0, -1);
    const previous = groups.at(-1);
    const joins = parent !== undefined && previous?.parent !== undefined && isSamePath(parent, previous.parent);
    if (joins) previous.rules.push(rule);
    else groups.push({ parent, rules: [rule] });
  }
  return groups.flatMap(({ parent, rules }) =>
    parent === undefined ? rules.map((rule) => ruleStep(rule, 'create')) : [copyStep(parent, rules)],
  );
}

function isSamePath(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((key, index) => key === b[index]);
}

/** For a create, which has nothing to clear: an object that is `null` says no more than one that is absent. */
function copyStep(parentPath: readonly string[], rules: readonly CompiledRule[]): Step {
  const getParent = compileGetter(parentPath);
  const fields = rules.map(({ copiedFrom, topLevelKey, put }) => ({
    from: copiedFrom?.at(-1) ?? '',
    topLevelKey,
    put,
  }));
  return (customer, payload) => {
    const parent = getParent(customer);
    if (!isObject(parent)) return;
    for (const { from, topLevelKey, put } of fields) {
      const value = parent[from];
      if (value === undefined || value === null) continue;
      if (topLevelKey === undefined) put(payload, value);
      else payload[topLevelKey] = value;
    }
  };
}

function ruleStep(rule: CompiledRule, mode: WriteMode): Step {
  const { evaluate, keyed, put } = rule;
  return (customer, payload, report) => {
    const value = evaluate(customer, mode, report);
    if (value === undefined) return;
    // A create clears nothing: its null is a default.
    if (value === null && mode === 'update') clear(rule, payload, report);
    else if (value === null) put(payload, null);
    else put(payload, keyed === undefined ? value : keyed.encode(value, undefined, customer, report));
  };
}

/** Puts what clears the field. A whole `null` of keys cannot be sent without knowing which keys are ours. */
function clear({ field, keyed, put, rule }: CompiledRule, payload: Payload, report: MappingReport): void {
  const { clear: way = 'unsupported', clear_reason: reason = 'this provider has no way to clear it' } = rule;
  if (keyed === undefined && way !== 'unsupported') put(payload, way === 'null' ? null : '');
  else addWarning(report, { code: 'cannot_clear', field, message: `was not cleared: ${reason}` });
}

/**
 * V8 turns `{}` into a hash table at its twentieth key, which makes it twice as slow to fill and half as slow again to
 * serialise. An object from a constructor has room for as many keys as the constructor's first objects came to have,
 * so those are made here, with every key. The shared prototype makes all of them plain objects.
 */
function compileCreatePayload(rules: readonly CompiledRule[]): () => Payload {
  function PayloadObject(): void {}
  PayloadObject.prototype = Object.prototype;
  const create = (): Payload => Reflect.construct(PayloadObject, []);
  for (let count = 0; count < 10; count += 1) {
    const payload = create();
    for (const { put } of rules) put(payload, null);
  }
  return create;
}
