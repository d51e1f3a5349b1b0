import type { Context } from 'hono';

/** The codes that the customer endpoints can answer with, as in `internal/errors/errors.go`. 422 is never used. */
const STATUS_OF_CODE = {
  not_found: 404,
  already_exists: 409,
  validation_error: 400,
  invalid_operation: 400,
  database_error: 500,
} as const;

export type ErrorCode = keyof typeof STATUS_OF_CODE;

/** `current`: flat, since April 2026. `legacy`: nested, as in the public error page and in `@flexprice/sdk` 2.0.1. */
export type ErrorShape = 'current' | 'legacy';

export type ErrorDetails = Readonly<Record<string, string>>;

/** An error that the server answers with a code of its own. */
export class FlexpriceError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

/** A Go panic: gin's Recovery answers 500 with an empty body. */
export class Panic extends Error {}

export function answerError(context: Context, error: Error, shape: ErrorShape): Response {
  if (error instanceof Panic) return context.body(null, 500);
  if (!(error instanceof FlexpriceError)) throw error;

  const { code, message, details } = error;
  const status = STATUS_OF_CODE[code];
  const shown = Object.keys(details).length > 0 && { details };
  const body =
    shape === 'current'
      ? { code, message, http_status_code: status, ...shown }
      : { success: false, error: { message, internal_error: `${code}: ${message}`, ...shown } };
  return answerJson(context, status, body);
}

/** JSON with gin's content type. */
export function answerJson(
  context: Context,
  status: 200 | 201 | 400 | 401 | 403 | 404 | 409 | 500,
  body: unknown,
): Response {
  return context.body(JSON.stringify(body), status, { 'Content-Type': 'application/json; charset=utf-8' });
}

/** gin's own answer to a path and method that it has no route for. */
export function answerUnknownRoute(context: Context): Response {
  return context.body('404 page not found', 404, { 'Content-Type': 'text/plain' });
}
