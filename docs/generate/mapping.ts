import { isDeepStrictEqual } from 'node:util';
import { type Transform, transforms } from '../../schemas/transforms.js';
import { givenValues, valueSemantics } from '../../test/core/mapping/value-semantics.js';
import { betweenMarkers, code, table } from './markdown.js';

/** `docs/mapping.md`: written by hand, but for the tables between its markers. */
export function mappingDocument(text: string): string {
  return betweenMarkers(betweenMarkers(text, 'values', valueTables()), 'transforms', transformTable());
}

/** Tested case by case beside the table that this is made from. */
function valueTables(): string {
  const header = ['the rule has', ...givenValues.map(([text]) => text)];
  const tableOf = (mode: 'create' | 'update') =>
    table(
      header,
      valueSemantics.map((row) => [row.construct, ...row[mode].map(shown)]),
    );
  return `On create:\n\n${tableOf('create')}\n\nOn update:\n\n${tableOf('update')}`;
}

/** JSON that is sent, unless it is one of the words for what happens instead. */
function shown(sent: string): string {
  return ['nothing', 'error', 'not cleared'].includes(sent) ? sent : code(sent);
}

function transformTable(): string {
  // Options and examples of one transform are of one type, which a list of all of them cannot say.
  const entries = Object.entries(transforms as Readonly<Record<string, Transform>>);
  return table(
    ['step', 'takes', 'gives', 'what it does', 'examples', 'back'],
    entries.map(([name, { takes, gives, doc, examples, ...rest }]) => [
      code(name),
      takes.join(', '),
      gives.join(', '),
      doc,
      examples.map(([input, output, options]) => exampleText(name, input, output, options)).join('; '),
      wayBack({ examples, ...rest }),
    ]),
  );
}

function wayBack({ inverse, examples }: Pick<Transform, 'inverse' | 'examples'>): string {
  if (inverse === undefined) return 'no';
  const back = examples.filter(([, output]) => output !== undefined);
  const isExact = back.every(([input, output, options]) => isDeepStrictEqual(inverse(output, options), input));
  return isExact ? 'yes' : 'as it is stored';
}

function exampleText(name: string, input: unknown, output: unknown, options: unknown): string {
  const step = options === undefined ? '' : ` with ${code(JSON.stringify({ [name]: options }))}`;
  const result =
    output === undefined ? 'cannot be converted' : output === null ? 'no value' : code(JSON.stringify(output));
  return `${code(JSON.stringify(input))} → ${result}${step}`;
}
