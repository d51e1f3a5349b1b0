import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCli } from '../cli/command-line.js';
import { copyProject, type ProjectCopy } from './project-copy.js';

let clone: ProjectCopy;
beforeAll(async () => {
  clone = copyProject();
  expect((await runCli(['new-provider', 'orb'], { cwd: clone.path })).code).toBe(0);
});
afterAll(() => clone.remove());

it.each([
  ['@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.']],
  ['typescript/bin/tsc', ['-p', '.']],
  ['knip/bin/knip.js', []],
])('a project with a new provider passes %s', async (tool, args) => {
  const { code, text } = await clone.run(tool, args);
  expect(code, text).toBe(0);
});
