/** Codes of what is wrong, by field. */
export type ErrorDetails = Record<string, unknown>;

/** An answer that is not 2xx; thrown before anything is stored, or after what stays stored. */
export class Refusal extends Error {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;

  constructor(status: number, body: Readonly<Record<string, unknown>>) {
    super(`${status} ${JSON.stringify(body)}`);
    this.name = 'Refusal';
    this.status = status;
    this.body = { status, ...body };
  }
}

export function customerMissing(): Refusal {
  return new Refusal(400, { error: 'BadRequest: param is missing or the value is empty or invalid: customer' });
}

/** Inferred: what Rails' own error page answers where Lago does not handle the failure. */
export function badRequest(): Refusal {
  return new Refusal(400, { error: 'Bad Request' });
}

export function unauthorized(): Refusal {
  return new Refusal(401, { error: 'Unauthorized' });
}

export function forbidden(mode: 'read' | 'write'): Refusal {
  return new Refusal(403, { error: 'Forbidden', code: `${mode}_action_not_allowed_for_customer` });
}

export function notFound(resource: string): Refusal {
  return new Refusal(404, { error: 'Not Found', code: `${resource}_not_found` });
}

/** Inferred: Lago routes every common method, so only a verb that Rails does not know gets here. */
export function methodNotAllowed(): Refusal {
  return new Refusal(405, { error: 'Method Not Allowed' });
}

export function validationFailed(details: ErrorDetails): Refusal {
  return new Refusal(422, { error: 'Unprocessable Entity', code: 'validation_errors', error_details: details });
}

/** Inferred: what Rails answers when Lago's code raises something that nobody rescues. */
export function internalServerError(): Refusal {
  return new Refusal(500, { error: 'Internal Server Error' });
}
