import { execFile } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const projectDirectory = fileURLToPath(new URL('../../integrations', import.meta.url));
const nangoBin = fileURLToPath(new URL('../../node_modules/.bin/nango', import.meta.url));

/** Keeps the CLI off the network and from asking questions. */
const quietEnvironment = {
  CI: 'true',
  NANGO_CLI_UPGRADE_MODE: 'ignore',
  NANGO_CLI_TELEMETRY: 'false',
  NANGO_CLI_DEPENDENCY_UPDATE: 'false',
};

/**
 * Compiles `integrations/` with the real Nango CLI, into `integrations/build/`. Answers what the CLI printed.
 * @throws with what the CLI printed when it fails.
 */
export function compileIntegrations(): Promise<string> {
  return compileProject(projectDirectory);
}

/** The same for any Nango project. */
export async function compileProject(directory: string): Promise<string> {
  // The link's target, so that the running Node executes it on every platform.
  const script = await realpath(nangoBin);
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [script, 'compile', '--no-interactive', '--auto-confirm'],
      { cwd: directory, env: { ...process.env, ...quietEnvironment } },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(`nango compile failed (${error.code ?? error.signal}):\n${stdout}${stderr}`));
      },
    );
  });
}
