import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const parts = ['package.json', 'tsconfig.json', 'biome.json', 'knip.json', 'README.md', 'docs', 'vitest.config.ts'];
const folders = ['schemas', 'src', 'providers', 'integrations', 'emulators', 'examples', 'test'];
/** Large, and nothing that is checked looks at it. */
const leftOut = /\/(integrations\/(build|\.nango)|test\/fixtures\/.*\.json)$/;

export interface ProjectCopy {
  readonly path: string;
  /** Runs one of the project's tools in it, and answers with all it printed and its exit code. */
  run(tool: string, args: readonly string[]): Promise<{ readonly code: number; readonly text: string }>;
  remove(): void;
}

/** A clone of the project as it is now, with the tools of this one. */
export function copyProject(): ProjectCopy {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'customer-sync-clone-')));
  for (const part of [...parts, ...folders]) {
    cpSync(part, join(path, part), { recursive: true, filter: (source) => !leftOut.test(`/${source}`) });
  }
  symlinkSync(resolve('node_modules'), join(path, 'node_modules'));
  return {
    path,
    run: async (tool, args) => {
      const child = promisify(execFile)(process.execPath, [join(path, 'node_modules', tool), ...args], { cwd: path });
      return child.then(
        ({ stdout, stderr }) => ({ code: 0, text: stdout + stderr }),
        ({ code, stdout, stderr }) => ({ code: Number(code), text: `${stdout}${stderr}` }),
      );
    },
    remove: () => rmSync(path, { recursive: true }),
  };
}
