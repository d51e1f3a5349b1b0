import { CustomerSyncError } from '../core/errors.js';

/** A provider's id in the forms in which it stands in code. */
export interface ProviderNames {
  /** `chart-mogul` */
  readonly id: string;
  /** For people: `ChartMogul` */
  readonly name: string;
  /** `chartMogul` */
  readonly variable: string;
  /** `ChartMogul` */
  readonly Type: string;
  /** `CHART_MOGUL` */
  readonly ENV: string;
  /** As a key of an object: `'chart-mogul'` */
  readonly key: string;
}

const longestId = 30;

/** What the scaffold's own code means something else by, or the language does. */
const takenNames = new Set(
  (
    'await break case catch class connector const continue customer debugger default definition delete do else enum ' +
    'export extends false fields finally for function functions if import in instanceof let mapping nango new null ' +
    'package return static super switch this throw true try typeof var void while with yield'
  ).split(' '),
);

/**
 * @param name for people; made from the id where there is none.
 * @throws CustomerSyncError `config` for an id that cannot be the name of folders, files and variables.
 */
export function providerNames(id: string, name?: string): ProviderNames {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id) || id.length < 2 || id.length > longestId) {
    throw badId(id, `Take 2 to ${longestId} small letters and digits, words joined by hyphens: chart-mogul.`);
  }
  if (takenNames.has(id))
    throw badId(id, 'It means something else in the code: take another, for example with "-api".');
  const words = id.split('-');
  const Type = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  return {
    id,
    name: name === undefined ? Type : checkedName(name),
    variable: Type.charAt(0).toLowerCase() + Type.slice(1),
    Type,
    ENV: id.toUpperCase().replaceAll('-', '_'),
    key: id.includes('-') ? `'${id}'` : id,
  };
}

/** It becomes part of code, comments and Markdown. */
function checkedName(name: string): string {
  if (/^[\p{L}\p{N}](?:[\p{L}\p{N} .&+-]{0,38}[\p{L}\p{N}.+])?$/u.test(name)) return name;
  throw new CustomerSyncError('config', {
    message: '--name is no name that can stand in code and documents',
    remedy: 'Take up to 40 letters, digits, spaces and . & + -',
  });
}

function badId(id: string, remedy: string): CustomerSyncError {
  return new CustomerSyncError('config', { message: `"${id}" cannot be the id of a provider`, remedy });
}
