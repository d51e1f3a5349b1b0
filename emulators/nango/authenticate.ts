import { type Answer, problemWithPayload } from './answer.js';

const uuidV4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** What is wrong with a request's key, if anything. The word `Bearer` may be missing, but not be written otherwise. */
export function refuseKey(authorization: string | null, secretKey: string): Answer | undefined {
  if (authorization === null || authorization === '') {
    return refusal('missing_auth_header', 'The request is missing the Authorization header.');
  }
  const key = authorization.split('Bearer ').at(-1) ?? '';
  if (!uuidV4.test(key)) return refusal('invalid_secret_key_format', 'The provided secret key is not a UUID v4.');
  if (key === secretKey) return undefined;
  return refusal('unknown_account', 'The provided authorization header does not match any account.');
}

function refusal(code: string, reason: string): Answer {
  return problemWithPayload(401, code, `Authentication failed. ${reason}`);
}
