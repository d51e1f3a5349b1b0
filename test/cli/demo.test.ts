import { once } from 'node:events';
import { describe, it } from 'vitest';
import { endOf, errorText, providerIds, runBinary, startBinary } from './command-line.js';

describe.concurrent('demo', () => {
  it('goes the whole way in less than 20 s, without any setting', { timeout: 20_000 }, async ({ expect }) => {
    const { stdout, stderr, code } = await runBinary(['demo']);
    const [, start, plan, applied, again, summary] = stdout.split(/^\d\. /m);

    for (const id of providerIds) expect(start).toMatch(new RegExp(`^ {3}${id} +http://127\\.0\\.0\\.1:\\d+`, 'm'));
    expect(start).toContain('their rate limits lifted');
    for (const id of ['lago', 'flexprice', 'autumn', 'stripe']) {
      expect(plan).toContain(`   ${id.padEnd(10)} 38 create, 2 invalid\n`);
      expect(applied).toContain(`   ${id.padEnd(10)} 38 created, 2 invalid\n`);
    }
    expect(plan).toContain('   recharge   37 create, 2 invalid, 1 conflict\n');
    expect(applied).toContain('   recharge   37 created, 2 invalid, 1 conflict\n');

    const changed = [...(again?.matchAll(/^~ update (\S+) {2}(\S+)$/gm) ?? [])].map(([, id, to]) => `${id} ${to}`);
    const expected = ['acct_1003', 'acct_1012', 'acct_1026'].flatMap((id) => providerIds.map((to) => `${id} ${to}`));
    expect(changed).toEqual(expected);
    expect(again?.match(/^[+x!?-] /gm)).toBeNull();

    const cells = (summary ?? '')
      .split('\n')
      .filter((line) => line.startsWith('│'))
      .map((line) => line.split('│').map((cell) => cell.trim()));
    const column = (name: string) => cells.slice(1).map((row) => row[cells[0]?.indexOf(name) ?? 0]);
    expect(column('provider')).toEqual(providerIds);
    expect(column('created')).toEqual(['37', '38', '38', '38', '38']);
    expect(column('held there')).toEqual(['37', '38', '38', '38', '38']);
    expect(column('then: update')).toEqual(['3', '3', '3', '3', '3']);
    expect(column('unchanged')).toEqual(['34', '35', '35', '35', '35']);
    expect([stderr, code]).toEqual(['', 0]);
  });
});

describe.concurrent('emulate', () => {
  it.for([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('runs the providers it is told until %s, and ends with %i', async ([signal, ends], { expect }) => {
    const child = startBinary(['emulate', 'lago', 'autumn', 'lago']);
    const ended = endOf(child, { printsKeys: true });
    let printed = '';
    child.stdout.on('data', (text) => {
      printed += text;
    });
    while (printed.split('\n').length < 3) await new Promise((more) => child.stdout.once('data', more));

    const variables = [...printed.matchAll(/ ?(\w+)=(\S+)/g)].map(([, name, value]) => [name, value] as const);
    expect(variables.map(([name]) => name)).toEqual([
      'LAGO_BASE_URL',
      'LAGO_API_KEY',
      'AUTUMN_BASE_URL',
      'AUTUMN_SECRET_KEY',
    ]);
    const env: Record<string, string> = Object.fromEntries(variables);
    expect(new URL(env['LAGO_BASE_URL'] ?? '').hostname).toBe('127.0.0.1');
    const apply = await runBinary(['apply', '-', '--to', 'lago,autumn', '--yes'], { env, input: '{"id":"a"}\n' });
    expect(apply.stdout).toMatch(/^lago: 1 customer: 1 created$/m);
    expect(apply.stdout).toMatch(/^autumn: 1 customer: 1 created$/m);

    child.kill(signal);
    const { stdout, stderr, code } = await ended;
    expect(stdout.split('\n')).toHaveLength(3);
    expect(stderr).toBe('Running until Ctrl-C. Rate limits are lifted. In another shell, set the variables above.\n');
    expect(code).toBe(ends);
    await expect(fetch(env['LAGO_BASE_URL'] ?? '')).rejects.toThrow('fetch failed');
  });

  it('takes more than a rate limit lets through, unless --rate-limits is given', async ({ expect }) => {
    const requests = Array.from({ length: 45 });
    const bursts = [[], ['--rate-limits']].map(async (flags) => {
      const child = startBinary(['emulate', 'recharge', ...flags]);
      const ended = endOf(child, { printsKeys: true });
      const [printed] = await once(child.stdout, 'data');
      const [, url, key] = /RECHARGE_BASE_URL=(\S+) RECHARGE_API_KEY=(\S+)/.exec(String(printed)) ?? [];
      const headers = { 'x-recharge-access-token': key ?? '', 'x-recharge-version': '2021-11' };
      const answers = await Promise.all(requests.map(() => fetch(`${url}/customers`, { headers })));
      child.kill('SIGTERM');
      return { refused: answers.filter(({ status }) => status === 429).length, said: (await ended).stderr };
    });
    const [lifted, kept] = await Promise.all(bursts);
    expect(lifted?.refused).toBe(0);
    expect(kept?.refused).toBeGreaterThan(0);
    expect(kept?.said).toContain('add --rate-share 1 to the other commands');
  });

  it('names the providers it knows when asked for another', async ({ expect }) => {
    const { stdout, stderr, code } = await runBinary(['emulate', 'lago', 'lagoo']);
    expect(stderr).toBe(
      errorText(
        'config',
        'there is no provider "lagoo" (did you mean "lago"?)',
        `Known providers: ${providerIds.join(', ')}.`,
      ),
    );
    expect([stdout, code]).toEqual(['', 2]);
  });
});
