import { randomUUID } from 'node:crypto';
import { z } from 'zod-nango-runtime';
import { type Answer, invalid, json, problem, problemWithPayload } from './answer.js';
import type { Environment } from './environment.js';
import { connectionHeaders, scriptNameSchema } from './names.js';
import type { NangoRequest } from './request.js';
import type { Route } from './route.js';
import type { ScriptResult } from './run-script.js';
import { answerScriptFailure } from './script-failure.js';

const headersSchema = z.object({
  ...connectionHeaders,
  'x-async': z.stringbool().optional().default(false),
  'x-max-retries': z.coerce.number().min(0).max(5).optional().default(0),
});
const bodySchema = z.object({ action_name: scriptNameSchema, input: z.unknown() });
const idSchema = z.object({ id: z.uuid() });

export interface Actions {
  readonly routes: readonly Route[];
  /**
   * Makes the next failures of synchronous actions answer `action_script_failure` in place of the true error, as a race
   * in the recorded server did with 20 of 45. Successes and results of asynchronous actions are not touched.
   */
  raceNextFailures(count: number): void;
  reset(): void;
}

/** Runs actions. Not emulated: the limit of about 10 MB on their input. */
export function createActions(environment: Environment): Actions {
  /** Results of asynchronous actions; one that still runs is not among them. */
  const results = new Map<string, ScriptResult>();
  let races = 0;

  const answerNow = ({ result }: { result: ScriptResult }): Answer => {
    if (result.ok) return json(200, result.output);
    if (races === 0) return answerScriptFailure(result.failure);
    races -= 1;
    const payload = { error: `Task ${randomUUID()} is in progress` };
    return problemWithPayload(500, 'action_script_failure', 'The action script failed with an error: {}', payload);
  };

  const trigger = async (request: NangoRequest): Promise<Answer> => {
    const call = readCall(request);
    if ('refusal' in call) return call.refusal;
    const { connection, action, input, maxRetries } = call;
    const { state, find, run, later } = environment;
    if (state.connections.get(connection.providerConfigKey, connection.connectionId) === undefined) {
      return problem(400, 'unknown_connection', 'Failed to find connection');
    }
    const script = find(connection.providerConfigKey, 'action', action);
    if (script === undefined) return problem(404, 'not_found', 'Action not found');
    if (!call.isAsync) return answerNow(await run(script, connection, { input }));

    const id = randomUUID();
    later(async () => {
      let finished = await run(script, connection, { input });
      for (let retry = 0; retry < maxRetries && !finished.result.ok; retry++) {
        finished = await run(script, connection, { input });
      }
      results.set(id, finished.result);
    });
    const statusUrl = `/action/${id}`;
    return json(202, { id, statusUrl }, { location: statusUrl });
  };

  const read = ({ params }: NangoRequest): Answer => {
    const parsed = idSchema.safeParse(params);
    if (!parsed.success) return invalid('invalid_uri_params', parsed.error);
    const result = results.get(parsed.data.id);
    // An action that returned null looks for ever as if it still ran.
    if (result === undefined || (result.ok && result.output === null)) {
      return problem(404, 'not_found', `No action '${parsed.data.id}' found`);
    }
    return result.ok ? json(200, result.output) : answerScriptFailure(result.failure);
  };

  return {
    routes: [
      { method: 'POST', paths: ['/action/trigger'], handle: trigger },
      { method: 'GET', paths: ['/action/:id'], handle: read },
    ],
    raceNextFailures(count) {
      races = count;
    },
    reset() {
      results.clear();
      races = 0;
    },
  };
}

function readCall({ headers, query, body }: NangoRequest) {
  const given = headersSchema.safeParse(Object.fromEntries(headers));
  if (!given.success) return { refusal: invalid('invalid_headers', given.error) };
  const empty = z.strictObject({}).safeParse(query);
  if (!empty.success) return { refusal: invalid('invalid_query_params', empty.error) };
  const call = bodySchema.safeParse(body);
  if (!call.success) return { refusal: invalid('invalid_body', call.error) };
  return {
    connection: { providerConfigKey: given.data['provider-config-key'], connectionId: given.data['connection-id'] },
    action: call.data.action_name,
    // A script is given an object even where the caller gave nothing.
    input: call.data.input ?? {},
    isAsync: given.data['x-async'],
    maxRetries: given.data['x-max-retries'],
  };
}
