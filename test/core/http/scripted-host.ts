import type { Host, HttpRequest, HttpResponse, LogEntry } from '../../../src/core/http/host.js';

/** What the other side does with one request. */
export type Scripted = Partial<HttpResponse> | Error;

export interface ScriptedHost extends Host {
  readonly requests: HttpRequest[];
  /** Every wait asked for, in milliseconds. */
  readonly waits: number[];
  readonly entries: LogEntry[];
}

/**
 * A host that answers from a script, its last line for ever, on a clock that only sleeping and answering move.
 * @param answerMs how long each answer takes
 */
export function scriptedHost(script: readonly Scripted[], overrides: Partial<Host> & { answerMs?: number } = {}) {
  const { answerMs = 0, ...host } = overrides;
  const requests: HttpRequest[] = [];
  const waits: number[] = [];
  const entries: LogEntry[] = [];
  let time = Date.UTC(2026, 10, 20, 10, 0, 0);
  return {
    kind: 'local',
    providerHeaders: 'full',
    async send(request) {
      const step = script[Math.min(requests.length, script.length - 1)];
      requests.push(request);
      time += answerMs;
      if (step instanceof Error) throw step;
      return { status: 200, headers: {}, body: '', ...step };
    },
    now: () => time,
    async sleep(ms) {
      waits.push(ms);
      time += ms;
    },
    random: () => 0.5,
    log: (entry) => void entries.push(entry),
    ...host,
    requests,
    waits,
    entries,
  } satisfies ScriptedHost;
}
