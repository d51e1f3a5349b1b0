import { customerSchema } from '../../../schemas/customer.js';
import type { CompiledMapping } from './compile-mapping.js';
import { compileGetter, compileSetter, isObject, parsePath } from './path.js';
import type { WriteMode } from './report.js';
import type { CompiledRule } from './rule.js';

/** Who owns which field of the customer at one connection. Paths as in mappings; a path stands for all below it. */
export interface FieldOwnership {
  /** Only these are ever sent. */
  readonly own?: readonly string[] | undefined;
  /** Sent when a customer is created, and left alone afterwards. */
  readonly create_only?: readonly string[] | undefined;
  /** Never sent. */
  readonly ignore?: readonly string[] | undefined;
}

type View = (customer: unknown) => unknown;

/**
 * A mapping that sends only what is ours: its rules see a customer without the fields of others.
 * @param matchTarget what the provider finds a customer by; a create needs it, whoever owns it afterwards.
 */
export function ownFields(mapping: CompiledMapping, ownership: FieldOwnership, matchTarget: string): CompiledMapping {
  const views: Readonly<Record<WriteMode, View>> = {
    create: remembered(viewOf(ownership, 'create')),
    update: remembered(viewOf(ownership, 'update')),
  };
  const rules = mapping.rules.map((rule): CompiledRule => {
    const seesAll = (mode: WriteMode) => rule.target === matchTarget && mode === 'create';
    return {
      ...rule,
      evaluate: (customer, mode, report) =>
        rule.evaluate(seesAll(mode) ? customer : views[mode](customer), mode, report),
    };
  });
  const byTarget = new Map(rules.map((rule) => [rule.target, rule]));
  return {
    ...mapping,
    ownership,
    rules,
    rule: (target) => byTarget.get(target),
    toPayload: (customer, mode, report) => mapping.toPayload(views[mode](customer), mode, report),
  };
}

/** Every rule asks for the view of the same customer in turn. */
function remembered(view: View): View {
  const known = new WeakMap<object, unknown>();
  return (customer) => {
    if (!isObject(customer)) return customer;
    if (!known.has(customer)) known.set(customer, view(customer));
    return known.get(customer);
  };
}

/** What the rules see of a customer. */
export function viewOf({ own, create_only: createOnly = [], ignore = [] }: FieldOwnership, mode: WriteMode): View {
  const kept = own === undefined ? undefined : [...own, ...createOnly, 'id'].map((path) => parsePath(path));
  const hidden = (mode === 'create' ? ignore : [...ignore, ...createOnly]).map((path) => parsePath(path));
  return (customer) => {
    const whole = kept === undefined ? customer : picked(customer, kept);
    return hidden.reduce(without, whole);
  };
}

function picked(customer: unknown, paths: readonly (readonly string[])[]): unknown {
  const view: Record<string, unknown> = {};
  for (const path of paths) {
    const value = compileGetter(path)(customer);
    if (value !== undefined) compileSetter(path)(view, value);
  }
  return view;
}

/** A copy without what stands at the path. An address that is cleared whole is cleared field by field then. */
function without(value: unknown, path: readonly string[]): unknown {
  const [key = '', ...rest] = path;
  if (!isObject(value) || !Object.hasOwn(value, key)) return value;
  const { [key]: member, ...others } = value;
  if (rest.length === 0) return others;
  const inner = member === null && addressKeys[key] !== undefined ? addressKeys[key] : member;
  return { ...others, [key]: without(inner, rest) };
}

const clearedAddress = Object.fromEntries(
  Object.keys(customerSchema.shape.address.unwrap().unwrap().shape).map((key) => [key, null]),
);
const addressKeys: Readonly<Record<string, object>> = { address: clearedAddress, shipping_address: clearedAddress };
