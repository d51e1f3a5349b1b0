import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

interface Problem {
  readonly type?: 'invalid_request_error' | 'idempotency_error';
  readonly code?: string;
  readonly message: string;
  readonly param?: string;
}

/** A refusal, in the envelope that all of Stripe's errors have. */
export class StripeError extends Error {
  override readonly name = 'StripeError';
  readonly status: ContentfulStatusCode;
  readonly problem: Problem;

  constructor(status: ContentfulStatusCode, problem: Problem) {
    super(problem.message);
    this.status = status;
    this.problem = problem;
  }
}

export function answerError(context: Context, { status, problem }: StripeError): Response {
  const { type = 'invalid_request_error', code, message, param } = problem;
  const documented =
    code === undefined ? {} : { code, doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}` };
  const about = param === undefined ? {} : { param };
  return context.json({ error: { ...documented, message, ...about, type } }, status);
}

export function noSuchCustomer(id: string, param = 'id'): StripeError {
  const message = `No such customer: '${id}'`;
  return new StripeError(param === 'id' ? 404 : 400, { code: 'resource_missing', message, param });
}

export function missing(param: string): StripeError {
  return new StripeError(400, { code: 'parameter_missing', message: `Missing required param: ${param}.`, param });
}

export function invalid(param: string, message: string, code?: string): StripeError {
  return new StripeError(400, { ...(code !== undefined && { code }), message, param });
}

export function wrongKey(key: string | undefined): StripeError {
  const message =
    key === undefined
      ? 'You did not provide an API key.'
      : `Invalid API Key provided: ${key.slice(0, 3)}${'*'.repeat(8)}${key.slice(-4)}`;
  return new StripeError(401, { message });
}

export function noPermission(): StripeError {
  return new StripeError(403, { message: "The provided key lacks the permission 'rak_customer_write'." });
}

export function unknownUrl(method: string, path: string): StripeError {
  return new StripeError(404, { message: `Unrecognized request URL (${method}: ${path}).` });
}

export function notAForm(): StripeError {
  return new StripeError(400, {
    message: 'Invalid request: the body of a POST has to be application/x-www-form-urlencoded.',
  });
}

export function otherParameters(key: string): StripeError {
  return new StripeError(400, {
    type: 'idempotency_error',
    message: `The idempotency key '${key}' was used with other parameters before.`,
  });
}

export function keyInUse(key: string): StripeError {
  return new StripeError(409, {
    type: 'idempotency_error',
    code: 'idempotency_key_in_use',
    message: `Another request with the idempotency key '${key}' is in progress.`,
  });
}

export function tooMany(): StripeError {
  return new StripeError(429, { code: 'rate_limit', message: 'Request rate limit exceeded.' });
}
