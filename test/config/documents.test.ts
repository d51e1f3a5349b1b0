import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { sourceSettingsSchema } from '../../schemas/configuration.js';
import { parseConfiguration } from '../../src/config/read-configuration.js';
import { runCli } from '../cli/command-line.js';

const read = (file: string) => readFileSync(file, 'utf8');
const documents = ['docs/configuration.md', 'docs/operations.md'];
const blocks = documents.flatMap((file) =>
  [...read(file).matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = ''], index) => [`${file} ${index + 1}`, text]),
);

describe('the documents', () => {
  it.each(blocks)('show configurations that are accepted: %s', (name, text = '') => {
    expect(() => parseConfiguration(text, name ?? '')).not.toThrow();
  });

  it('show every kind of source', () => {
    const shown = blocks.flatMap(([, text]) => [...(text ?? '').matchAll(/type: (\w+)/g)].map(([, type]) => type));
    const kinds = sourceSettingsSchema.options.map((option) => option.shape.type.value);
    expect(new Set(shown)).toEqual(new Set(kinds));
  });

  it('name commands that are there', async () => {
    const { stdout } = await runCli(['--help']);
    const named = documents.flatMap((file) => [...read(file).matchAll(/customer-sync (run|[a-z]+-?[a-z]+)(?= |`)/g)]);
    expect(named.length).toBeGreaterThan(5);
    for (const [, command] of named) expect(stdout).toMatch(new RegExp(`^ {2}${command}[ |]`, 'm'));
  });

  it.each(documents)('%s links to files that are there', (file) => {
    const links = [...read(file).matchAll(/\]\(([^)#:]+)\)/g)].map(([, target = '']) => join(dirname(file), target));
    expect(links.filter((target) => !existsSync(target))).toEqual([]);
  });
});

describe('the examples', () => {
  it('of a configuration is accepted', () => {
    const { jobs } = parseConfiguration(read('examples/customer-sync.yaml'), 'example');
    expect(Object.keys(jobs ?? {})).toEqual(['nightly', 'shop']);
  });

  it('of a configuration is accepted by the JSON Schema, and a misspelt setting in it is not', () => {
    const schema = z.fromJSONSchema(JSON.parse(read('schemas/json/configuration.schema.json')));
    const example = read('examples/customer-sync.yaml');
    expect(schema.safeParse(parse(example)).error).toBeUndefined();
    for (const name of ['query:', 'rate_share:', 'guards:', 'type: file', 'connections:']) {
      expect(schema.safeParse(parse(example.replace(name, `x${name}`))).success, name).toBe(false);
    }
  });

  it('of a configuration passes lint', async () => {
    expect(await runCli(['lint', 'examples/customer-sync.yaml'])).toMatchObject({ stderr: '', code: 0 });
    expect(await runCli(['lint', 'examples/deploy/cronjob.yaml'])).toMatchObject({ code: 2 });
  });

  it('of a Dockerfile copies every folder of the package that the program reads', () => {
    const { files }: { files: string[] } = JSON.parse(read('package.json'));
    const folders = new Set(files.filter((file) => !/^!|^docs|\.md$/.test(file)).map((file) => file.split('/')[0]));
    expect([...folders].sort()).toEqual(['dist', 'examples', 'providers', 'schemas']);
    const dockerfile = read('examples/deploy/Dockerfile');
    for (const folder of folders) expect(dockerfile).toMatch(new RegExp(`^COPY --from=build /app/${folder}\\b`, 'm'));
  });

  it.each(globSync('examples/deploy/*.{yml,yaml}'))('%s is YAML', (file) => {
    expect(parse(read(file))).toBeTypeOf('object');
  });

  it.each(globSync('examples/deploy/*', { exclude: ['**/*.dockerignore'] }))(
    '%s calls commands and options that are there',
    async (file) => {
      const calls = [
        ...read(file).matchAll(/(?:"(serve)"|args: \[(run)|customer-sync (serve|run|dry-run)\b)([^\n>]*)/g),
      ];
      expect(calls.length).toBeGreaterThan(0);
      for (const [, ...found] of calls) {
        const [command = '', rest = ''] = found.filter((part) => part !== undefined);
        const { stdout } = await runCli([command, '--help']);
        for (const [option] of rest.matchAll(/--[a-z-]+/g)) expect(stdout).toContain(option);
      }
    },
  );
});
