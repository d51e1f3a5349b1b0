import { isObject } from '../../src/core/mapping/path.js';
import { archiveCustomer } from '../../src/core/upsert/archive.js';
import { openFlow, type Subject } from '../core/upsert/flow.js';
import { mismatches, resolved } from './openapi-schema.js';

/** One request to an emulator and its answer. */
export interface Exchange {
  readonly method: string;
  /** As the definition has it, with names in braces. */
  readonly path: string;
  readonly status: number;
  readonly body: unknown;
}

const customers = [
  { id: 'acct_1', email: 'ann@mail.example', name: 'Ann Example' },
  {
    id: 'acct_2',
    email: 'bo@mail.example',
    name: 'Bo Example',
    phone: '+4930123456',
    legal_name: 'Bo GmbH',
    tax_id: 'DE1',
    address: { line1: 'Main Street 1', city: 'Berlin', postal_code: '10115', country: 'DE' },
    currency: 'EUR',
    timezone: 'Europe/Berlin',
    metadata: { plan: 'gold' },
  },
];

/** Every operation of the definition, answered with success and refused, through the connector and past it. */
export async function exchangesWith({ start, provider }: Subject): Promise<Exchange[]> {
  const emulator = await start();
  const { operations, auth, api } = provider.definition;
  const exchanges: Exchange[] = [];
  try {
    const flow = openFlow(emulator, provider);
    const { send } = flow.host;
    flow.host.send = async (request) => {
      const answer = await send(request);
      const path = operations[request.operation]?.path ?? '';
      exchanges.push({ method: request.method, path, status: answer.status, body: parsed(answer.body) });
      return answer;
    };
    for (const customer of customers) await flow.upsert(customer);
    for (const customer of customers) await flow.upsert({ ...customer, name: 'Changed Name' });
    for (const operation of ['list', 'search', 'find'])
      if (operations[operation] !== undefined) await provider.connector.list(flow.connection.reader.client);
    await archiveCustomer(flow.connection.writer, { customerId: 'acct_2', address: 'acct_2' });
    for (const { method, path } of Object.values(operations)) {
      for (const [key, body] of [
        ['wrong', {}],
        [emulator.apiKey, {}],
        [emulator.apiKey, { customer: { email: 7 }, customer_id: 7, external_id: 7 }],
      ] as const) {
        const response = await fetch(emulator.url + path.replace(/\{\w+\}/, 'customer' in body ? 'nobody' : 'acct_1'), {
          method,
          headers: {
            ...api.headers,
            'content-type': 'application/json',
            [auth.header]: auth.value.replace('{key}', key),
          },
          ...(method !== 'GET' && { body: JSON.stringify(body) }),
        });
        exchanges.push({ method, path, status: response.status, body: parsed(await response.text()) });
      }
    }
    return exchanges;
  } finally {
    await emulator.close();
  }
}

/** How answers differ from a published description, as `METHOD path status place: what`, each once. */
export function differencesFrom(document: unknown, exchanges: readonly Exchange[]): string[] {
  const found = exchanges.flatMap(({ method, path, status, body }) => {
    const at = `${method} ${path} ${status}`;
    const responses = operationOf(document, method, path)?.['responses'];
    if (!isObject(responses)) return [`${method} ${path}: is not described`];
    const response = resolved(document, responses[String(status)] ?? responses['default']);
    if (!isObject(response)) return [`${at}: is not described`];
    const content = response['content'];
    const json = isObject(content) ? content['application/json'] : undefined;
    const schema = isObject(json) ? json['schema'] : undefined;
    return mismatches(document, schema, body).map((mismatch) => `${at} ${mismatch}`);
  });
  return [...new Set(found)].sort();
}

/** Names in braces may differ, and a description may count the version to the path. */
function operationOf(document: unknown, method: string, path: string): Record<string, unknown> | undefined {
  const paths = isObject(document) && isObject(document['paths']) ? document['paths'] : {};
  const bare = (text: string) => text.replace(/\{\w+\}/g, '{}').replace(/^\/v\d+(?=\/)/, '');
  const found = Object.entries(paths).find(([name]) => bare(name) === bare(path))?.[1];
  const operation = isObject(found) ? found[method.toLowerCase()] : undefined;
  return isObject(operation) ? operation : undefined;
}

function parsed(body: unknown): unknown {
  try {
    return JSON.parse(String(body));
  } catch {
    return body;
  }
}
