import { spawn } from 'node:child_process';
import axios from 'axios';
import type { HookSettings, JobSettings } from '../../../schemas/configuration.js';
import type { RunReport } from '../../../schemas/run-report.js';
import { resolveSecrets, type SecretOptions } from '../../config/secrets.js';
import { isSecureUrl } from '../../hosts/secure-url.js';
import { errorCode } from '../../sources/file-error.js';

/** What a hook is told. */
export interface HookCall {
  readonly event: 'failure' | 'degraded';
  readonly job: string;
  readonly message: string;
  /** Absent when the run could not begin. */
  readonly report?: RunReport;
}

const timeoutMs = 30_000;

/** Whether a run is worth a word: it could not be done, or customers failed in it that were fine before. */
export function hookCallOf(report: RunReport): HookCall | undefined {
  const { job, ended, reason = '', targets } = report;
  if (ended === 'stopped' || ended === 'refused') {
    return { event: 'failure', job, message: `${job} was ${ended}: ${reason}`, report };
  }
  const stopped = targets.find((target) => target.stopped !== undefined);
  if (stopped !== undefined)
    return { event: 'failure', job, message: `${job} gave up on ${stopped.to}: ${stopped.stopped}`, report };
  const fresh = targets.reduce((sum, { new_failures: count }) => sum + count, 0);
  if (fresh === 0) return undefined;
  return { event: 'degraded', job, message: `${job}: ${fresh} customers fail that were fine before`, report };
}

/** Answers what went wrong with the hook itself, which must not end a run. */
export async function callHook(
  settings: JobSettings,
  call: HookCall,
  secrets: SecretOptions,
): Promise<string | undefined> {
  const name = call.event === 'failure' ? 'on_failure' : 'on_degraded';
  const written = settings[name];
  if (written === undefined) return undefined;
  try {
    const hook = resolveSecrets(written, `jobs.${call.job}.${name}`, secrets);
    await (hook.command === undefined ? post(hook, call) : runHook(hook.command, call, secrets));
    return undefined;
  } catch (error) {
    const what = error instanceof HookFailure ? error.message : errorCode(error);
    return `${name} of ${call.job} failed: ${what}`;
  }
}

class HookFailure extends Error {
  override readonly name = 'HookFailure';
}

/** The report names customers by their ids, and the address itself is a secret. */
async function post({ webhook = '' }: HookSettings, call: HookCall): Promise<void> {
  if (!URL.canParse(webhook) || !isSecureUrl(new URL(webhook)))
    throw new HookFailure('its address is not an https URL; plain http is accepted for this machine only');
  await axios.post(webhook, call, {
    maxRedirects: 0,
    signal: AbortSignal.timeout(timeoutMs),
    maxContentLength: 1_000_000,
  });
}

function runHook(command: readonly string[], call: HookCall, { env, directory }: SecretOptions): Promise<void> {
  const [program = '', ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: directory,
      env: { ...env },
      stdio: ['pipe', 'ignore', 'ignore'],
      timeout: timeoutMs,
    });
    child.once('error', (error) => reject(new HookFailure(`it cannot be started (${errorCode(error)})`)));
    child.once('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new HookFailure(code === null ? `it was ended by ${signal}` : `it ended with exit code ${code}`));
    });
    child.stdin.on('error', () => {});
    child.stdin.end(`${JSON.stringify(call)}\n`);
  });
}
