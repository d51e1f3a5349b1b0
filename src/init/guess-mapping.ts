import type { SourceMapping, SourceRule } from '../../schemas/mapping.js';
import { canonicalPaths } from '../core/customer/canonical-paths.js';
import { CustomerSyncError } from '../core/errors.js';
import { refusedKeys } from '../core/mapping/path.js';
import { type BuiltRule, buildRules } from './build-rules.js';
import { type Choice, type Confidence, chooseColumns, type LeftOut } from './choose-columns.js';
import type { Table } from './table.js';
import { type Fit, tryMapping } from './trial.js';

export interface FieldGuess {
  readonly field: string;
  /** The columns it comes from. */
  readonly columns: readonly string[];
  readonly confidence: Confidence;
  readonly why: string;
}

export interface Guess {
  readonly mapping: SourceMapping;
  readonly fields: readonly FieldGuess[];
  readonly leftOut: readonly LeftOut[];
  /** Rows of the sample that become valid customers. */
  readonly valid: number;
}

/** A field of which fewer values can be read was named by mistake. */
const leastFit = 0.5;

/**
 * Guesses a source mapping from the names of the columns and a sample of their values.
 * @param systems names of systems, besides the well-known ones, whose id of a customer a column may hold.
 * @throws CustomerSyncError `config` when no column can be the customers' id.
 */
export function guessMapping(table: Table, systems: readonly string[] = []): Guess {
  const choice = chooseColumns(table, systems);
  if (!choice.chosen.has('id')) throw noId(table);
  const rules = buildRules(choice.chosen);
  const { fits } = tryMapping(mappingOf(rules, []), table);
  const misfits = rules.filter(({ field }) => field !== 'id' && isMisfit(fits.get(field)));
  const dropped = misfits.flatMap((rule) => rule.columns.map((column) => misfit(column.name, rule, fits)));
  const kept = buildRules(without(choice, misfits));
  const used = new Set(kept.flatMap(({ columns }) => columns.map(({ name }) => name)));
  const unused = [
    ...dropped,
    ...[...choice.chosen].flatMap(([field, columns]) => columns.map(({ name }) => lonely(name, field))),
  ];
  const leftOut = [...choice.leftOut, ...firstOfEach(unused.filter(({ column }) => !used.has(column)))];
  const mapping = mappingOf(kept, leftOut);
  const trial = tryMapping(mapping, table);
  const guesses = kept.map((rule) => fieldGuess(rule, choice, trial.fits.get(rule.field)));
  return { mapping, fields: inOrder(guesses), leftOut, valid: trial.valid };
}

function isMisfit(fit: Fit | undefined): boolean {
  return fit !== undefined && fit.values > 0 && fit.fitting < fit.values * leastFit;
}

function misfit(column: string, { field }: BuiltRule, fits: ReadonlyMap<string, Fit>): LeftOut {
  const { values = 0, fitting = 0 } = fits.get(field) ?? {};
  return { column, reason: `named like ${field}, but only ${fitting} of its ${values} values can be read as that` };
}

/** A house number without a street. */
function lonely(column: string, field: string): LeftOut {
  return {
    column,
    reason: `looks like ${field.split('.').at(-1)?.replaceAll('_', ' ')}, and there is no column to go with it`,
  };
}

function firstOfEach(leftOut: readonly LeftOut[]): LeftOut[] {
  return leftOut.filter(({ column }, index) => leftOut.findIndex((other) => other.column === column) === index);
}

function without({ chosen }: Choice, misfits: readonly BuiltRule[]): Choice['chosen'] {
  const fields = new Set(misfits.map(({ field }) => field));
  return new Map([...chosen].filter(([field]) => !fields.has(field)));
}

function fieldGuess({ field, columns, how, inferred }: BuiltRule, { why }: Choice, fit: Fit | undefined): FieldGuess {
  const reasons = why.get(field);
  const values = fit?.values ?? 0;
  const share = fit === undefined || values === 0 ? undefined : fit.fitting / values;
  return {
    field,
    columns: columns.map(({ name }) => name),
    confidence: confidenceOf(reasons?.confidence ?? (inferred ? 'medium' : 'high'), share),
    why: `${how ?? reasons?.text ?? 'named so'}; ${fitText(fit)}`,
  };
}

function fitText({ values, fitting }: Fit = { values: 0, fitting: 0 }): string {
  if (values === 0) return 'no value in the sample';
  if (values === 1) return fitting === 1 ? 'its one value fits' : 'its one value does not fit';
  return `${fitting === values ? 'all' : `${fitting} of`} ${values} values fit`;
}

const levels: readonly Confidence[] = ['high', 'medium', 'low'];

/** Values that do not fit, or that nobody has seen, take one level off. */
function confidenceOf(byName: Confidence, share: number | undefined): Confidence {
  const level = levels.indexOf(byName) + (share === undefined || share < 0.95 ? 1 : 0);
  return levels[Math.min(level, levels.length - 1)] ?? 'low';
}

function mappingOf(rules: readonly BuiltRule[], leftOut: readonly LeftOut[]): SourceMapping {
  const fields = inOrder(rules).map(({ field, rule }): [string, SourceRule] => [field, rule]);
  // A mapping is refused for such a key, wherever it stands.
  const ignored = leftOut
    .filter(({ column }) => !refusedKeys.has(column))
    .map(({ column, reason }) => [column, reason]);
  return { fields: Object.fromEntries(fields), ...(ignored.length > 0 && { ignored: Object.fromEntries(ignored) }) };
}

/** As the customer model lists its fields; fields with keys of their own come last. */
function inOrder<Guessed extends { readonly field: string }>(guesses: readonly Guessed[]): Guessed[] {
  const place = ({ field }: Guessed) => (canonicalPaths.indexOf(field) + canonicalPaths.length) % canonicalPaths.length;
  const isOpen = ({ field }: Guessed) => Number(!canonicalPaths.includes(field));
  return [...guesses].sort((a, b) => isOpen(a) - isOpen(b) || place(a) - place(b));
}

function noId({ name }: Table): CustomerSyncError {
  return new CustomerSyncError('config', {
    message: `${name}: no column can be the id of the customers: none is named like one and holds another value in every row, and there are no e-mail addresses`,
    remedy: 'Export a column that names each customer once and for all, and call it id.',
  });
}
