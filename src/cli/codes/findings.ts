import type { Explanation } from './explanation.js';

const record =
  'If the description is wrong, record it in providers/<id>/spec-differences.json with the fact that proves it.';

/** Codes of what `lint` finds. */
export const findingExplanations: Readonly<Record<string, Explanation>> = {
  json: { meaning: 'The file is not JSON.', remedy: ['Correct it at the line and column named.'] },
  schema: {
    meaning: 'A key or a value has no meaning here.',
    remedy: ['Correct it; an editor completes what is allowed when the file names its "$schema".'],
  },
  size: {
    meaning: 'The file is larger or deeper than a mapping may be.',
    remedy: ['Write one that a person can read.'],
  },
  unknown_path: {
    meaning: 'A path leads to no field.',
    remedy: ['Take the name that is suggested; docs/mapping.md lists them all.'],
  },
  path_syntax: {
    meaning: 'A path cannot be read.',
    remedy: ["Join keys by dots, and quote one that holds a dot: metadata['crm.id']."],
  },
  characters: {
    meaning: 'A range in "characters" runs backwards.',
    remedy: ['Write ranges from low to high, and a hyphen of its own at the end.'],
  },
  source: {
    meaning: 'A rule has no source, or more than one.',
    remedy: ['Keep one of from, template, constant and object.'],
  },
  type_mismatch: {
    meaning: 'A transform, a limit or a constant is for another kind of value than the field can have.',
    remedy: ['Take one for this kind of value.'],
  },
  unreachable: {
    meaning: 'A condition never holds, or a place stands behind one that always has a value.',
    remedy: ['Correct the condition or the order, or remove what is never reached.'],
  },
  no_effect: { meaning: 'A setting changes nothing.', remedy: ['Remove it.'] },
  duplicate_target: {
    meaning: 'A key stands twice in one object, or two rules are for one field or for a field and a part of it.',
    remedy: ['Remove one of the two.'],
  },
  limit_without_policy: {
    meaning: 'A valid customer can exceed a limit, or have a value that a transform cannot convert.',
    remedy: ['Say what happens then: "overflow": "error", "truncate" or "drop".'],
  },
  unmapped: {
    meaning: 'A field of the customer, or of provider_fields, has no rule and no reason.',
    remedy: ['Write a rule, or the reason under "unsupported".'],
  },
  no_reverse: {
    meaning: 'A stored value cannot be led back to the customer, or two rules lead back to the same field.',
    remedy: ['Add "reverse": the field it belongs to, or false for none.'],
  },
  identity: {
    meaning: 'The field that customers are found by has no rule, or one that is not required.',
    remedy: ['Add the rule, with "required": true.'],
  },
  example: { meaning: 'An example comes out otherwise.', remedy: ['Correct the rule or the example.'] },
  no_example: { meaning: 'No example shows the rule.', remedy: ['Add one that uses it.'] },
  overlay: {
    meaning: 'An overlay does what an overlay may not.',
    remedy: ['Make limits stricter, not looser; what the provider dictates stays as it is.'],
  },
  provider: {
    meaning: 'An overlay does not say whom it is for, or names a provider that is not known.',
    remedy: ['Add "provider", or give it as --overlay <provider>=<file>.'],
  },
  spec_unknown_field: {
    meaning: "The provider's description does not have the field.",
    remedy: ['Correct the name of the field.', record],
  },
  spec_read_only: {
    meaning: "The provider's description says that the field cannot be written.",
    remedy: ['Remove the rule.', record],
  },
  spec_required: {
    meaning: "The provider's description requires the field, and not every customer has it.",
    remedy: ['Make the rule required, or name a fallback.', record],
  },
  spec_not_mapped: {
    meaning: "The provider's description has a field that the mapping says nothing about.",
    remedy: ['Write a rule, or the reason under "not_written", or list it under "addable".'],
  },
  spec_type: {
    meaning: "The provider's description takes another type.",
    remedy: ['Add a transform to that type.', record],
  },
  spec_null: {
    meaning: "The provider's description does not take what the rule clears with.",
    remedy: ['Clear in another way, or say "unsupported".', record],
  },
  spec_values: {
    meaning: "The provider's description does not take some value that the rule may send.",
    remedy: ['Name the allowed values in "one_of", and an overflow.', record],
  },
  spec_values_missing: {
    meaning: "The provider's description takes values that the rule never sends.",
    remedy: ['Add them to the rule.', record],
  },
  spec_max_length: {
    meaning: "The provider's description takes shorter text.",
    remedy: ['Add the "max_length", and an overflow.', record],
  },
  spec_format: {
    meaning: "The provider's description wants a format that the value is not known to have.",
    remedy: ['Take the value from a field of that format.', record],
  },
  spec_difference_gone: {
    meaning: 'A recorded difference is none any more.',
    remedy: ['Remove it from providers/<id>/spec-differences.json.'],
  },
};
