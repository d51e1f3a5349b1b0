import type { Context } from 'hono';
import type { FieldErrors } from './customer-input.js';

// The wording is that of the 2021-11 responses recorded in RechargeSharp unless a comment says otherwise.

export function notFound(context: Context): Response {
  return context.json({ errors: 'Not Found' }, 404);
}

export function endpointNotFound(context: Context): Response {
  return context.json({ error: 'endpoint not found' }, 404);
}

export function methodNotAllowed(context: Context): Response {
  return context.json({ error: 'method not allowed' }, 405);
}

export function notAnObject(context: Context): Response {
  return context.json(
    {
      error: 'Bad Request',
      message: 'The server has refused to accept the request because the payload format is in an unsupported format',
    },
    415,
  );
}

export function unprocessable(context: Context, errors: FieldErrors): Response {
  return context.json({ errors }, 422);
}

/** The words that two independent clients match. */
export function badAuthentication(context: Context): Response {
  return context.json({ error: 'bad authentication' }, 401);
}

/** The status is documented; the body is inferred. */
export function missingScope(context: Context, scope: string): Response {
  return context.json({ error: `token is missing the scope ${scope}` }, 403);
}

/** The status is documented; the body is inferred. */
export function invalidVersion(context: Context): Response {
  return context.json({ error: 'invalid API version' }, 426);
}

/** The words that two independent clients match. No Retry-After is documented and none was seen. */
export function tooManyRequests(context: Context): Response {
  return context.json({ warning: 'too many requests' }, 429);
}

/** "Route Lock": other writes meet it while Recharge regenerates the customer's charges. */
export function routeLocked(context: Context): Response {
  return context.json({ error: 'A call to this route is already in progress.' }, 409);
}
