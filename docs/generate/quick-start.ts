import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { builtInProviders } from '../../integrations/registry.js';
import { runCommand } from '../../src/cli/run-command.js';
import { startEmulator } from './start-emulator.js';

/**
 * `docs/quick-start.md`: written by hand, but for what the commands print. The page is lived through from top to bottom in a
 * folder of its own: a block ```csv <file> is put into the file, `export <provider's key>=` leads to the provider's stand-in
 * from there on, and what stands below `$ npx customer-sync ...` is printed anew.
 */
export async function quickStartDocument(text: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'customer-sync-'));
  const home = process.cwd();
  // What npm says to a program that was called by `npx`.
  const stage: Stage = { env: { npm_lifecycle_event: 'npx' }, close: [] };
  process.chdir(folder);
  try {
    let page = '';
    // Fences at even places open a block, those at odd ones close it.
    for (const [index, part] of text.split(/^```/m).entries()) {
      page += index % 2 === 0 ? part : `\`\`\`${await lived(part, stage)}\`\`\``;
    }
    return page;
  } finally {
    process.chdir(home);
    await Promise.all(stage.close.map((close) => close()));
    rmSync(folder, { recursive: true });
  }
}

interface Stage {
  readonly env: Record<string, string>;
  readonly close: (() => Promise<void>)[];
}

async function lived(block: string, stage: Stage): Promise<string> {
  const [first = '', ...lines] = block.split('\n');
  const [language, file] = first.split(' ');
  if (language === 'csv' && file !== undefined) writeFileSync(file, lines.join('\n'));
  if (language === 'sh') for (const line of lines) await exported(line, stage);
  const [command = ''] = lines;
  if (language !== 'text' || !command.startsWith('$ npx customer-sync ')) return block;
  const printed = await run(command.split(' ').slice(3), stage.env);
  return `text\n${command}\n${steady(printed)}\n`;
}

/** A key on the page stands for that of the stand-in. */
async function exported(line: string, { env, close }: Stage): Promise<void> {
  const name = /^export (\w+)=/.exec(line)?.[1];
  const provider = builtInProviders.find(({ definition }) => definition.auth.env === name);
  if (provider === undefined) return;
  const { id, api, auth } = provider.definition;
  const emulator = await startEmulator(id);
  close.push(() => emulator.close());
  env[auth.env] = emulator.apiKey;
  env[api.base_url_env] = emulator.url;
}

/** Standard output, or what is said where there is none. */
async function run(args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  const [stdout, stderr] = [collector(), collector()];
  const stdin = Readable.from([], { objectMode: false });
  await runCommand({ env, stdin, stdout: stdout.stream, stderr: stderr.stream }, args);
  return stdout.text() || stderr.text();
}

function collector() {
  let text = '';
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  return { stream, text: () => text };
}

/** What differs from one run to the next is shown as it was at one of them. */
function steady(text: string): string {
  return text
    .trimEnd()
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:39823')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '2026-11-21T09:00:00.000Z')
    .replace(/Node\.js \d[\d.]*/g, 'Node.js 24.21.0')
    .replace(/after [\d.]+ (ms|s)/g, 'after 0.2 s');
}
