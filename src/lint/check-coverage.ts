import type { Mapping, Rule } from '../../schemas/mapping.js';
import { canonicalPaths } from '../core/customer/canonical-paths.js';
import { formatPath, isWithin, parsePath } from '../core/mapping/path.js';
import { sourcePaths } from '../core/mapping/source.js';
import { nearest } from '../core/nearest.js';
import { leafPaths, type OwnFields } from './field-type.js';
import type { Remark } from './finding.js';

/** Fields that say something about the row, not about the customer at a provider. */
const aboutTheRow = ['updated_at', 'deleted', 'provider_fields'];
const wholes = ['address', 'shipping_address'];

/** Fields of the canonical customer that have to be mapped, or named under `unsupported`. */
const mappableFields: readonly string[] = canonicalPaths.filter(
  (path) => !aboutTheRow.includes(path) && !wholes.includes(path),
);

/** A field that is not spoken of. */
export type Gap = Remark & { readonly field: string };

/** What gets lost in silence: fields that a customer may have and the mapping does not speak of. */
export function coverageRemarks({ fields, unsupported = {} }: Mapping, own: OwnFields | undefined): Gap[] {
  const read = Object.values(fields).flatMap(readPaths).map(parsePath);
  const refused = Object.keys(unsupported).map(parsePath);
  const ownPaths = own === undefined ? [] : leafPaths(own.fields, ['provider_fields', own.provider]);
  const isSpokenOf = (path: readonly string[]) =>
    refused.some((field) => isWithin(path, field)) ||
    read.some((place) => isWithin(path, place) || isWithin(place, path));
  return [...mappableFields.map(parsePath), ...ownPaths]
    .filter((path) => !isSpokenOf(path))
    .map(formatPath)
    .map((path) => ({
      field: path,
      at: ['fields'],
      code: 'unmapped',
      message: `${path} is neither mapped nor unsupported`,
      remedy: `Add a rule that takes it, or say under "unsupported" why it has no place.`,
    }));
}

/** Places that a rule sends values of; those it only asks in conditions or for stand-ins are not among them. */
function readPaths(rule: Rule): readonly string[] {
  return [...sourcePaths(rule), ...Object.values(rule.keyed?.flag ?? {})];
}

/** Reasons given for fields that do not exist, or that have rules all the same. */
export function reasonRemarks({ fields, unsupported = {}, not_written: notWritten = {} }: Mapping): Remark[] {
  const strangers = Object.keys(unsupported).filter((field) => !canonicalPaths.includes(field));
  const written = Object.keys(notWritten).filter((target) => Object.hasOwn(fields, target));
  return [
    ...strangers.map((field) => ({
      at: ['unsupported', field],
      code: 'unknown_path',
      message: `"${field}" is not a field of the customer${nearest(field, canonicalPaths)}`,
      remedy: 'Name a canonical field.',
    })),
    ...written.map((target) => ({
      at: ['not_written', target],
      code: 'duplicate_target',
      message: 'is written: it has a rule',
      remedy: 'Remove the rule, or this reason.',
    })),
  ];
}
