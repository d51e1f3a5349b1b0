import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** Every refusal of the server has this one shape: a sentence, a code and, added when it is answered, the environment. */
export class ApiError extends Error {
  readonly status: ContentfulStatusCode;
  readonly code: string;

  constructor(status: ContentfulStatusCode, code: string, message: string) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
  }
}

export function invalidRequest(message: string): ApiError {
  return new ApiError(400, 'invalid_request', message);
}

export function customerNotFound(customerId: string): ApiError {
  return new ApiError(404, 'customer_not_found', `Customer ${customerId} not found`);
}

/** The server passes PostgreSQL's own words on to the caller. */
export function databaseError(message: string): ApiError {
  return new ApiError(500, 'internal_error', message);
}
