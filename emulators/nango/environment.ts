import { type FinishedScript, runScript } from './run-script.js';
import type { NangoScript } from './script.js';
import type { ScriptConnection } from './script-http.js';
import type { ScriptLog, TriggerAction } from './script-nango.js';
import type { NangoState } from './state.js';

/** A line that a script logged, and which script it was. */
export interface EnvironmentLog extends ScriptLog {
  readonly integration: string;
  readonly script: string;
}

/** The scripts of a Nango environment and the means to run them. */
export interface Environment {
  readonly state: NangoState;
  readonly logs: readonly EnvironmentLog[];
  /** Takes the place of a script of the same integration, kind and name. */
  deploy(script: NangoScript): void;
  scripts(): NangoScript[];
  find(integration: string, type: NangoScript['type'], name: string): NangoScript | undefined;
  run(
    script: NangoScript,
    connection: ScriptConnection,
    options: { input?: unknown; job?: number },
  ): Promise<FinishedScript>;
  /** Puts work off until all that was put off before has ended. */
  later(work: () => Promise<void>): void;
  /** Resolves when nothing is put off any more. */
  idle(): Promise<void>;
  reset(): void;
}

interface EnvironmentOptions {
  readonly state: NangoState;
  readonly scripts: readonly NangoScript[];
  readonly triggerAction: TriggerAction;
}

export function createEnvironment({ state, scripts, triggerAction }: EnvironmentOptions): Environment {
  const deployed = new Map<string, NangoScript>();
  const logs: EnvironmentLog[] = [];
  let queue = Promise.resolve();
  const keyOf = (integration: string, type: NangoScript['type'], name: string) =>
    JSON.stringify([integration, type, name]);

  const environment: Environment = {
    state,
    logs,
    deploy(script) {
      deployed.set(keyOf(script.integration, script.type, script.name), script);
    },
    scripts: () => [...deployed.values()],
    find: (integration, type, name) => deployed.get(keyOf(integration, type, name)),
    async run(script, connection, { input, job = 1 }) {
      const finished = await runScript(script, { state, ...connection, job, triggerAction }, input);
      for (const log of finished.logs) logs.push({ ...log, integration: script.integration, script: script.name });
      return finished;
    },
    later(work) {
      queue = queue.then(work);
    },
    async idle() {
      for (let last: Promise<void> | undefined; last !== queue; ) {
        last = queue;
        await last;
      }
    },
    reset() {
      logs.length = 0;
    },
  };
  for (const script of scripts) environment.deploy(script);
  return environment;
}
