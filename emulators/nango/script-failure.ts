import axios, { type AxiosError } from 'axios';
import { ActionError } from './action-error.js';
import { type Answer, json, problemWithPayload } from './answer.js';

/** What a caller of a failed action gets. */
export type ScriptFailure =
  | {
      readonly code: 'action_script_runtime_error' | 'script_internal_error' | 'script_network_error';
      readonly payload: unknown;
    }
  | { readonly code: 'script_http_error'; readonly payload: unknown; readonly upstream: unknown };

const messages = {
  action_script_runtime_error: 'The action script failed with a runtime error',
  script_internal_error: 'An internal error occurred during the script execution',
  script_network_error: 'A network error occurred during an HTTP call',
} as const;

export function answerScriptFailure(failure: ScriptFailure): Answer {
  const { code, payload } = failure;
  if (code === 'script_http_error') return json(424, { error: { payload, code, upstream: failure.upstream } });
  return problemWithPayload(500, code, messages[code], payload);
}

/** Says of what a script threw what Nango says of it. */
export function toScriptFailure(thrown: unknown, filename: string): ScriptFailure {
  if (thrown instanceof ActionError) {
    return { code: 'action_script_runtime_error', payload: sorted(payloadOf(thrown.payload)) };
  }
  if (!axios.isAxiosError(thrown)) return { code: 'script_internal_error', payload: describe(thrown, filename) };
  if (thrown.response === undefined) return { code: 'script_network_error', payload: describe(thrown, filename) };
  return httpFailure(thrown.response);
}

/** Of the provider's headers only the content type and those that begin with `x-rate` are kept: `retry-after` is lost. */
function httpFailure({ status, headers, data }: NonNullable<AxiosError['response']>): ScriptFailure {
  const kept = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), String(value)] as const)
    .filter(([name]) => name === 'content-type' || name.startsWith('x-rate'));
  const inner = isObject(data) && 'payload' in data ? data['payload'] : data;
  const body = sorted(isObject(inner) ? inner : { message: inner });
  return { code: 'script_http_error', payload: body, upstream: { status, headers: Object.fromEntries(kept), body } };
}

function payloadOf(payload: unknown): unknown {
  if (payload === undefined || payload === null) return {};
  return isObject(payload) && !Array.isArray(payload) ? payload : { message: payload };
}

/** Name, code, message and the lines of the stack that lie in the script. Native errors are told by their shape. */
function describe(thrown: unknown, filename: string): unknown {
  const error = isObject(thrown) ? thrown : new Error(JSON.stringify(thrown));
  // Read one by one: most fields of an error are not enumerable, and some are inherited.
  const read = (field: string): unknown => Reflect.get(error, field);
  const stacktrace = String(read('stack') ?? '')
    .split('\n')
    .filter((line, index) => line !== '' && (index === 0 || line.includes(filename)))
    .map((line) => line.trim())
    .slice(0, 10);
  return sorted({
    name: read('name') || 'Error',
    code: read('code'),
    message: read('message'),
    ...(stacktrace.length > 0 && { stacktrace }),
  });
}

/** A payload on its way through Nango is written with its keys in alphabetical order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(
    entries.sort(([left], [right]) => (left < right ? -1 : 1)).map(([key, item]) => [key, sorted(item)]),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
