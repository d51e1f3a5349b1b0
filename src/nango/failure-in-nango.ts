import type { ProviderDefinition } from '../../schemas/definition.js';
import type { Failure, Outcome } from '../../schemas/outcome.js';

/** A failure whose remedy says where Nango has the key and the base URL, in place of our environment variables. */
export function failureInNango(failure: Failure, { auth, api }: ProviderDefinition): Failure {
  const remedy = failure.remedy
    .replaceAll(auth.env, 'the Nango connection')
    .replaceAll(api.base_url_env, 'the Nango integration');
  return { ...failure, remedy };
}

export function outcomeInNango(outcome: Outcome, definition: ProviderDefinition): Outcome {
  return outcome.error === undefined ? outcome : { ...outcome, error: failureInNango(outcome.error, definition) };
}
