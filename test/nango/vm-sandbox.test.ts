import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadScript } from '../../emulators/nango/runtime.js';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'nango-sandbox-'));
});

afterAll(() => rm(directory, { recursive: true }));

describe('the context in which Nango runs scripts', () => {
  it.each([
    'fetch',
    'process',
    'structuredClone',
    'TextEncoder',
    'AbortController',
    'clearTimeout',
    'setInterval',
    'setImmediate',
    'queueMicrotask',
    'atob',
    'crypto',
    'performance',
    'global',
    'nango',
  ])('has no %s', async (name) => {
    expect(await evaluate(`typeof ${name}`)).toBe('undefined');
  });

  it.each(['Buffer', 'setTimeout', 'URL', 'URLSearchParams', 'Error', 'Intl', 'Promise', 'JSON', 'Proxy', 'Map'])(
    'has %s',
    async (name) => {
      expect(await evaluate(`typeof ${name}`)).not.toBe('undefined');
    },
  );

  it('has the host’s Error, Buffer and URL', async () => {
    expect(await evaluate('Error')).toBe(Error);
    expect(await evaluate('Buffer')).toBe(Buffer);
    expect(await evaluate('URL')).toBe(URL);
  });

  it('has a console that says nothing and accepts every method', async () => {
    expect(await evaluate(`console.log('x') ?? console.anything('x') ?? 'silent'`)).toBe('silent');
  });

  it.each(['url', 'crypto', 'zod'])('gives the module %s', async (name) => {
    expect(await evaluate(`typeof require('${name}')`)).toBe('object');
  });

  it.each(['node:crypto', 'node:url', 'fs', 'axios', 'nango'])('refuses the module %s', async (name) => {
    await expect(evaluate(`require('${name}')`)).rejects.toThrow(`Module '${name}' is not allowed`);
  });

  it.each(['soap', 'unzipper', 'botbuilder'])('says of the module %s that only Nango has it', async (name) => {
    await expect(evaluate(`require('${name}')`)).rejects.toThrow("exists in Nango's runner, but");
  });

  it('has zod 4.0.5, without codecs and exactOptional', async () => {
    expect(await evaluate(`require('zod').core.version`)).toEqual({ major: 4, minor: 0, patch: 5 });
    expect(await evaluate(`typeof require('zod').z.codec + typeof require('zod').z.exactOptional`)).toBe(
      'undefinedundefined',
    );
  });

  it.each(['new Function("return 1")()', 'eval("1")'])('refuses to make code from text: %s', async (expression) => {
    await expect(evaluate(expression)).rejects.toThrow('Code generation from strings disallowed for this context');
  });

  it('has native errors of another realm, which are not instances of its Error', async () => {
    const expression =
      '(() => { try { null.x } catch (error) { return [error instanceof Error, error instanceof TypeError] } })()';
    expect(await evaluate(expression)).toEqual([false, true]);
    expect(await evaluate('new Error("x") instanceof Error')).toBe(true);
  });

  it('is a new one for every execution', async () => {
    const script = await write(
      'count',
      `var runs = 0; exports.default = { type: 'action', exec: async () => (runs += 1) };`,
    );
    expect([await script.exec({}), await script.exec({})]).toEqual([1, 1]);
  });
});

describe('loadScript', () => {
  it('tells integration, name and kind of a compiled file', async () => {
    const script = await write(
      'read-all',
      `exports.default = { type: 'sync', version: '1.2.3', exec: async () => {} };`,
    );
    expect(script).toMatchObject({ integration: 'recharge', name: 'read-all', type: 'sync', version: '1.2.3' });
  });

  it('names script and integration in stack traces', async () => {
    const script = await write(
      'fail',
      `exports.default = { type: 'action', exec: async () => { throw new Error('x') } };`,
    );
    await expect(script.exec({})).rejects.toMatchObject({ stack: expect.stringContaining('(fail-recharge.cjs:1:') });
  });

  it('refuses a module that exports no script', async () => {
    await expect(write('nothing', `exports.other = 1;`)).rejects.toThrow('default');
  });

  it('refuses a file that nango deploy would not find', async () => {
    await expect(loadScript(join(directory, 'upsert.cjs'))).rejects.toThrow('is not named like a script');
  });
});

async function write(name: string, code: string) {
  const file = join(directory, `recharge_actions_${name}.cjs`);
  await writeFile(file, code);
  return loadScript(file);
}

let expressions = 0;

/** The value of an expression inside a script. */
async function evaluate(expression: string): Promise<unknown> {
  expressions += 1;
  const code = `exports.default = { type: 'action', exec: async () => (${expression}) };`;
  return (await write(`probe-${expressions}`, code)).exec({});
}
