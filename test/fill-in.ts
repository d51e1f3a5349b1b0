import { globSync, readFileSync } from 'node:fs';
import { expect } from 'vitest';

/** What `new-provider` left to a person in the files of the project: `path:line: what to fill in`. */
export function leftToFillIn(
  id: string,
  files = '{providers,integrations,emulators,test}/**/*.{ts,json,md}',
): string[] {
  const mark = new RegExp(`FILL IN ${id}: (.*?)["',]*$`);
  return globSync(files, { exclude: ['test/fixtures/**'] })
    .sort()
    .flatMap((path) =>
      readFileSync(path, 'utf8')
        .split('\n')
        .flatMap((line, index) => {
          const what = mark.exec(line)?.[1];
          return what === undefined ? [] : [`${path}:${index + 1}: ${what}`];
        }),
    );
}

/** Fails with a line for each of them, so that the list can be worked through. */
export function expectFilledIn(id: string, left = leftToFillIn(id)): void {
  if (left.length > 0) expect.fail(`FILL IN ${id}, ${left.length} places:\n${left.join('\n')}`);
}
