import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { copiedFunctions } from './copied-functions.js';

const kinds = ['actions', 'syncs', 'on-events'];
const ours: ReadonlySet<string> = new Set(copiedFunctions);
const ourNames: ReadonlySet<string> = new Set(copiedFunctions.map((path) => basename(path)));

/** The model that the sync saves. Nango takes a model from one sync of an integration only. */
const model = /\bBillingCustomer\b/;

/** What of an integration has the name of something that is added, in words. Nango tells functions apart by name alone. */
export function takenNames(folder: string): string[] {
  return kinds.flatMap((kind) => {
    const others = scriptsIn(join(folder, kind)).filter((name) => !ours.has(`${kind}/${name}`));
    return [
      ...others
        .filter((name) => ourNames.has(name))
        .map((name) => `${kind}/${name} has the name of a function that is added`),
      ...others
        .filter((name) => kind === 'syncs' && model.test(readFileSync(join(folder, kind, name), 'utf8')))
        .map((name) => `${kind}/${name} names the model BillingCustomer, which the added sync saves`),
    ];
  });
}

function scriptsIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.ts')) : [];
}
