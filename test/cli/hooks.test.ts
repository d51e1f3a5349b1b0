import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ann, bench, configuration, lines } from './job-bench.js';

describe('a hook', () => {
  const hooked = (hooks: string) => configuration.replace('schedule: 0 3 * * *', hooks);
  const node = (script: string) => JSON.stringify([process.execPath, '-e', script]);

  it('on_degraded gets the report when customers fail that were fine, once', async ({ onTestFinished }) => {
    const script = `process.stdin.on('data', (text) => require('fs').appendFileSync('calls', text))`;
    const { cli, folder, write } = await bench(
      { onTestFinished },
      { config: hooked(`on_degraded: { command: ${node(script)} }`) },
    );
    await cli('run', 'nightly', '--first-run');
    expect(existsSync(join(folder, 'calls'))).toBe(false);
    write('customers.jsonl', lines(ann, { id: 'b', email: 'nonsense' }));
    await cli('run', 'nightly');
    await cli('run', 'nightly');
    const calls = readFileSync(join(folder, 'calls'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(calls).toMatchObject([
      {
        event: 'degraded',
        job: 'nightly',
        report: { run: 2 },
        message: 'nightly: 1 customers fail that were fine before',
      },
    ]);
  });

  it('on_failure is posted when a run cannot be done, and its own failure changes nothing', async ({
    onTestFinished,
  }) => {
    const bodies: string[] = [];
    const server = createServer(async (request: IncomingMessage, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      bodies.push(body);
      response.writeHead(500).end();
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    onTestFinished(() => void server.close());
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/hook`;
    const { cli, folder } = await bench({ onTestFinished }, { config: hooked(`on_failure: { webhook: "${url}" }`) });
    rmSync(join(folder, 'customers.jsonl'));
    const { stderr, code } = await cli('run', 'nightly', '--first-run');
    expect(code).toBe(2);
    expect(stderr).toContain('customers.jsonl: there is no such file');
    expect(stderr).toContain('on_failure of nightly failed');
    expect(bodies.map((body) => JSON.parse(body))).toMatchObject([{ event: 'failure', job: 'nightly' }]);
  });
});
