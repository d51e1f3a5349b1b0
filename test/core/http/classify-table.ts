import { expect } from 'vitest';
import type { ProviderDefinition } from '../../../schemas/definition.js';
import type { ErrorCode } from '../../../schemas/error-codes.js';
import { classify, type Verdict } from '../../../src/core/http/classify.js';
import { ProviderError } from '../../../src/core/http/provider-error.js';

/** One answer that is not a success, and what must be understood of it. */
export interface Case {
  readonly when: string;
  readonly operation: string;
  readonly status: number;
  /** As it stands on the wire. */
  readonly body: string;
  readonly is: Verdict['is'];
  /** Of the error that the upsert flow gets. */
  readonly code: ErrorCode;
  readonly providerCode?: string;
  /** Names of the fields, in order. Default: none. */
  readonly fields?: readonly string[];
  readonly remedy?: RegExp;
  /** The provider's message as it may be shown. Not looked at when absent. */
  readonly message?: string;
}

/** What was sent when the answer came; none of it may come back in an error. */
const SENT = { external_id: 'sent-id-1', customer_id: 'sent-id-1', email: 'sent@example.test', name: 'Sent Name' };

export function expectVerdict(definition: ProviderDefinition, expected: Case): void {
  const { operation, status, body } = expected;
  const { method, path } = definition.operations[operation] ?? { method: 'GET', path: `/undeclared-${operation}` };
  const verdict = classify(
    definition,
    { operation, method, path: path.replace(/\{\w+\}/, 'sent-id-1'), headers: {}, body: JSON.stringify(SENT) },
    { status, headers: {}, body },
    parsed(body),
  );
  const error = new ProviderError(definition, operation, verdict);

  expect(verdict.is).toBe(expected.is);
  expect(error.code).toBe(expected.code);
  expect(error.details.status).toBe(status);
  expect(verdict.providerCode).toBe(expected.providerCode);
  expect(verdict.fields.map(({ field }) => field)).toEqual(expected.fields ?? []);
  expect(error.details.remedy).toMatch(expected.remedy ?? /\w+ .*\.$/);
  if (expected.message !== undefined) expect(verdict.message).toBe(expected.message);
  for (const value of Object.values(SENT)) expect(JSON.stringify([error.message, error.details])).not.toContain(value);
}

/** As the client reads a body: JSON, else text. */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

/** What gateways and proxies in front of any provider answer. */
export const GATEWAY_CASES: readonly Omit<Case, 'operation'>[] = [
  { when: '401 without a body', status: 401, body: '', is: 'auth', code: 'auth' },
  { when: '403 as a page', status: 403, body: '<html>no</html>', is: 'forbidden', code: 'forbidden', message: '' },
  { when: '405', status: 405, body: '', is: 'rejected', code: 'rejected' },
  { when: '408', status: 408, body: '', is: 'unavailable', code: 'unavailable' },
  { when: '412', status: 412, body: '', is: 'rejected', code: 'rejected' },
  { when: '413', status: 413, body: '<h1>413</h1>', is: 'rejected', code: 'rejected', message: '' },
  { when: '423', status: 423, body: '', is: 'busy', code: 'unavailable' },
  { when: '425', status: 425, body: '', is: 'busy', code: 'unavailable' },
  { when: '429 without a body', status: 429, body: '', is: 'rate_limited', code: 'rate_limited' },
  { when: '500 without a body', status: 500, body: '', is: 'unavailable', code: 'unavailable' },
  { when: '502 as a page', status: 502, body: ' <!DOCTYPE html>', is: 'unavailable', code: 'unavailable', message: '' },
  { when: '503', status: 503, body: 'no', is: 'unavailable', code: 'unavailable', message: 'no' },
  { when: '504', status: 504, body: '', is: 'unavailable', code: 'unavailable' },
  { when: '302', status: 302, body: '', is: 'protocol', code: 'protocol' },
  { when: '304', status: 304, body: '', is: 'protocol', code: 'protocol' },
  { when: 'a body that is a JSON list', status: 400, body: '[1]', is: 'rejected', code: 'rejected', message: '' },
  { when: 'a body that is JSON null', status: 400, body: 'null', is: 'rejected', code: 'rejected' },
];
