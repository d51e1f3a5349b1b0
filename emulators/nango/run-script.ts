import type { NangoScript } from './script.js';
import { type ScriptFailure, toScriptFailure } from './script-failure.js';
import { createScriptNango, type ScriptLog, type ScriptNangoOptions, type ScriptSession } from './script-nango.js';

export type ScriptResult =
  | { readonly ok: true; readonly output: unknown }
  | { readonly ok: false; readonly failure: ScriptFailure };

export interface FinishedScript {
  readonly result: ScriptResult;
  readonly logs: readonly ScriptLog[];
  readonly summary: ScriptSession['summary'];
}

const maxOutputBytes = 2 * 1024 * 1024;

/** Runs one execution of a script to its end; whatever it throws is its result. Its locks end with it. */
export async function runScript(
  script: NangoScript,
  options: Omit<ScriptNangoOptions, 'script'>,
  input: unknown,
): Promise<FinishedScript> {
  const { nango, logs, summary } = createScriptNango({ ...options, script });
  const result = await resultOf(script, () => script.exec(nango, input));
  await nango.releaseAllLocks();
  return { result, logs, summary };
}

async function resultOf(script: NangoScript, exec: () => Promise<unknown>): Promise<ScriptResult> {
  const filename = script.filename ?? `${script.name}-${script.integration}.cjs`;
  try {
    return { ok: true, output: asJson(await exec()) };
  } catch (error) {
    return { ok: false, failure: toScriptFailure(error, filename) };
  }
}

/** The output as it reaches the caller: through JSON, `undefined` as null. */
function asJson(output: unknown): unknown {
  const text = JSON.stringify(output) ?? 'null';
  const bytes = Buffer.byteLength(text);
  if (bytes > maxOutputBytes) {
    throw new Error(`Output size is too large: ${bytes} bytes. Maximum allowed size is ${maxOutputBytes} bytes (2MB).`);
  }
  return JSON.parse(text);
}
