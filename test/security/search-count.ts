import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How much was searched. */
interface Searched {
  readonly commands: number;
  readonly files: number;
  readonly values: number;
}

/** Names the folder of a test run, in which each of its processes has a file. */
const variable = 'TEST_SEARCH_COUNT';

export function noteSearch(searched: Searched): void {
  const folder = process.env[variable];
  if (folder === undefined) return;
  appendFileSync(join(folder, `${process.pid}.jsonl`), `${JSON.stringify(searched)}\n`);
}

/** For the whole test run. The answer is called at its end, and says in one line what was searched. */
export function countSearches(): () => string {
  const folder = mkdtempSync(join(tmpdir(), 'customer-sync-searched-'));
  process.env[variable] = folder;
  return () => {
    const searches = readdirSync(folder)
      .flatMap((file) => readFileSync(join(folder, file), 'utf8').trim().split('\n'))
      .map((line): Searched => JSON.parse(line));
    rmSync(folder, { recursive: true });
    const sum = (key: keyof Searched) =>
      searches.reduce((total, searched) => total + searched[key], 0).toLocaleString('en');
    return `searched: the output of ${sum('commands')} commands and ${sum('files')} files, for ${sum('values')} values of customers`;
  };
}
