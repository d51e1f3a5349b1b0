import type { SourceMapping } from '../../schemas/mapping.js';
import { parseCustomer } from '../core/customer/parse-customer.js';
import { compileGetter, parsePath } from '../core/mapping/path.js';
import { normaliseCustomer } from '../normalise/normalise-customer.js';
import { compileSourceMapping } from '../sources/mapping/compile-source-mapping.js';
import { withoutEmpty } from '../sources/mapping/without-empty.js';
import type { SampleRow, Table } from './table.js';

/** How the values of one field fared. */
export interface Fit {
  /** Rows that gave the field a value. */
  readonly values: number;
  /** Those whose value could be read. */
  readonly fitting: number;
}

export interface Trial {
  readonly fits: ReadonlyMap<string, Fit>;
  /** Rows that became valid customers. */
  readonly valid: number;
}

/** What one row becomes: by field, or why it is no customer. */
export interface Tried {
  readonly customer: unknown;
  /** Fields whose value could not be read, with what was said about them. */
  readonly unread: ReadonlyMap<string, string>;
  readonly valid: boolean;
}

/** Sends the sample through a mapping, the normaliser and the customer model, as a run would. */
export function tryMapping(mapping: SourceMapping, { rows }: Table): Trial {
  const tryRow = compileTrial(mapping);
  const tried = rows.map(tryRow);
  const fits = Object.keys(mapping.fields).map((field): [string, Fit] => {
    const get = compileGetter(parsePath(field));
    const fitting = tried.filter(({ customer, unread }) => get(customer) !== undefined && !unread.has(field)).length;
    return [field, { values: fitting + tried.filter(({ unread }) => unread.has(field)).length, fitting }];
  });
  return { fits: new Map(fits), valid: tried.filter(({ valid }) => valid).length };
}

export function compileTrial(mapping: SourceMapping): (row: SampleRow) => Tried {
  const { apply } = compileSourceMapping(mapping, 'the guessed mapping');
  return ({ row }) => {
    const { value, problems } = apply(withoutEmpty(row));
    const clean = normaliseCustomer(value);
    const parsed = parseCustomer(clean.value);
    const unreadable = clean.notes.filter(({ code }) => code === 'unreadable_value');
    const refused = [...problems, ...clean.problems, ...(parsed.ok ? [] : parsed.problems)];
    return {
      customer: clean.value,
      unread: new Map([...unreadable, ...refused].map(({ field = '', message }) => [field, message])),
      valid: parsed.ok && problems.length === 0 && clean.problems.length === 0,
    };
  };
}
