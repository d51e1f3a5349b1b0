import type { SourceRule } from '../../schemas/mapping.js';
import type { Column } from './table.js';

/** Columns by the field they go into, the surest first; `company` and house numbers are parts of fields. */
export type Chosen = ReadonlyMap<string, readonly Column[]>;

export interface BuiltRule {
  readonly field: string;
  readonly columns: readonly Column[];
  readonly rule: SourceRule;
  /** How the rule makes one value of several columns. */
  readonly how?: string;
  /** Whether the rule is more than a renaming, and may be wrong though the columns are right. */
  readonly inferred?: true;
}

/** Parts that other rules are made of. */
const parts: ReadonlySet<string> = new Set([
  'company',
  'name',
  'address.line1',
  'shipping_address.line1',
  'address.house_number',
  'shipping_address.house_number',
]);

export function buildRules(chosen: Chosen): BuiltRule[] {
  const plain = [...chosen].filter(([field]) => !parts.has(field)).map(([field, columns]) => plainRule(field, columns));
  return [
    ...plain,
    ...nameRule(chosen),
    ...typeRule(chosen),
    ...streetRule(chosen, 'address'),
    ...streetRule(chosen, 'shipping_address'),
  ];
}

function plainRule(field: string, columns: readonly Column[]): BuiltRule {
  const [first, ...others] = columns.map(({ path }) => path);
  if (first === undefined || others.length === 0) return { field, columns, rule: { from: first } };
  return { field, columns, rule: { from: [first, ...others] }, how: 'the first that has a value' };
}

/** A company's name before a person's: it is what stands on an invoice. */
function nameRule(chosen: Chosen): BuiltRule[] {
  const [company, full, first, last] = ['company', 'name', 'first_name', 'last_name'].map(
    (field) => chosen.get(field)?.[0],
  );
  const whole = [company, full].filter((column) => column !== undefined);
  const names = [first, last].filter((column) => column !== undefined);
  const template = full === undefined ? templateOf(names) : undefined;
  const from = [...whole.map(({ path }) => path), ...(template === undefined ? [] : [{ template }])];
  const columns = [...whole, ...(template === undefined ? [] : names)];
  const [only] = from;
  if (only === undefined) return [];
  const how = columns.length > 1 ? 'the company, else the person' : undefined;
  const rule = from.length === 1 ? (typeof only === 'string' ? { from: only } : only) : { from };
  return [{ field: 'name', columns, rule, ...(how !== undefined && { how }) }];
}

function typeRule(chosen: Chosen): BuiltRule[] {
  const company = chosen.get('company')?.[0];
  const hasPersons = ['name', 'first_name', 'last_name'].some((field) => chosen.has(field));
  if (company === undefined || !hasPersons || chosen.has('type')) return [];
  const isCompany = { from: company.path, transform: [{ lookup: { table: {}, otherwise: 'company' } }] };
  return [
    {
      field: 'type',
      columns: [company],
      rule: { from: [isCompany, { constant: 'individual' }] },
      how: 'a company where one is named, else an individual',
      inferred: true,
    },
  ];
}

function streetRule(chosen: Chosen, address: 'address' | 'shipping_address'): BuiltRule[] {
  const field = `${address}.line1`;
  const street = chosen.get(field) ?? [];
  const columns = [...street, ...(chosen.get(`${address}.house_number`) ?? [])];
  if (street.length === 0) return [];
  const template = columns.length > 1 ? templateOf(columns) : undefined;
  return template === undefined
    ? [plainRule(field, street)]
    : [{ field, columns, rule: { template }, how: 'one behind the other' }];
}

/** Absent where a column cannot be named in a template. */
function templateOf(columns: readonly Column[]): string | undefined {
  if (columns.length === 0 || columns.some(({ path }) => /[{}]/.test(path))) return undefined;
  return columns.map(({ path }) => `{${path}}`).join(' ');
}
