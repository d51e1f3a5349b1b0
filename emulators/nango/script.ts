import type { ScriptNango } from './script-nango.js';

/** A script that the emulator can run: one from `loadScript`, or a plain function that stands in for one in a test. */
export interface NangoScript {
  /** Key of the integration to which it belongs. */
  readonly integration: string;
  readonly name: string;
  readonly type: 'action' | 'sync' | 'onEvent';
  exec(nango: ScriptNango, input?: unknown): Promise<unknown>;
  readonly description?: string | undefined;
  readonly version?: string | undefined;
  /** What stack traces name; lines of other files are left out of the error. */
  readonly filename?: string | undefined;
  /** Names of the models that a sync saves. */
  readonly models?: readonly string[] | undefined;
  /** Of a sync, as Nango writes it, for example `every hour`. */
  readonly frequency?: string | undefined;
  /** Whether a sync's schedule runs from the start. Default: false. */
  readonly autoStart?: boolean | undefined;
}
