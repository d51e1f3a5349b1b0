import { execFile } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

export const execute = promisify(execFile);

export const manifest: {
  readonly version: string;
  readonly bin: { readonly 'customer-sync': string };
  readonly dependencies: Readonly<Record<string, string>>;
} = JSON.parse(readFileSync('package.json', 'utf8'));

export interface Installation {
  /** The tarball. */
  readonly tarball: string;
  /** A project that depends on the package, as `npm install` leaves it, with the example program in it. */
  readonly project: string;
  /** The package's folder in the project. */
  readonly home: string;
  remove(): void;
}

/**
 * Packs what was built and unpacks it into an empty project. Only what the package depends on is linked into it, so that
 * an import of anything else fails.
 */
export async function installPackage(): Promise<Installation> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'customer-sync-')));
  const pack = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder];
  await execute('npm', pack, { env: { ...process.env, npm_config_cache: join(folder, 'cache') } });
  const tarball = join(folder, `customer-sync-${manifest.version}.tgz`);
  const project = join(folder, 'project');
  const home = join(project, 'node_modules/customer-sync');
  mkdirSync(home, { recursive: true });
  await execute('tar', ['-xzf', tarball, '-C', home, '--strip-components=1']);
  for (const name of [...Object.keys(manifest.dependencies), '@types/node']) {
    const link = join(project, 'node_modules', name);
    mkdirSync(join(link, '..'), { recursive: true });
    symlinkSync(resolve('node_modules', name), link);
  }
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }');
  cpSync('examples/own-provider', project, { recursive: true });
  return { tarball, project, home, remove: () => rmSync(folder, { recursive: true }) };
}
