import type { ProviderDefinition } from '../../../schemas/definition.js';
import type { ErrorCode } from '../../../schemas/error-codes.js';
import { CustomerSyncError } from '../errors.js';
import type { Verdict } from './classify.js';

/** A provider's refusal, with what the upsert flow decides by. */
export class ProviderError extends CustomerSyncError {
  readonly verdict: Verdict['is'];
  /** The same error for whoever knows more of the customer than this request did: these values are not in it. */
  readonly without: (values: readonly unknown[]) => ProviderError;

  constructor(definition: ProviderDefinition, operation: string, verdict: Verdict) {
    const code = codeOf(verdict.is);
    const named = new Set(verdict.fields.map(({ field }) => field).filter((field) => field !== ''));
    const about = named.size > 0 ? ` (${[...named].join(', ')})` : '';
    const said = verdict.message === '' ? '' : `: ${verdict.message}`;
    super(code, {
      message: `${definition.name} answered ${verdict.status} to ${operation}${about}${said}`,
      remedy: verdict.remedy ?? usualRemedy(code, definition),
      provider: definition.id,
      status: verdict.status,
      providerCode: verdict.providerCode,
      fields: verdict.fields,
    });
    this.verdict = verdict.is;
    this.without = (values) => new ProviderError(definition, operation, { ...verdict, ...verdict.without(values) });
  }
}

export function isProviderError(error: CustomerSyncError): error is ProviderError {
  return 'without' in error;
}

/** What the provider said, when the error is its answer. By shape, since errors cross realms in Nango's sandbox. */
export function verdictOf(error: unknown): Verdict['is'] | undefined {
  return typeof error === 'object' && error !== null && 'verdict' in error
    ? (error as ProviderError).verdict
    : undefined;
}

function codeOf(is: Verdict['is']): ErrorCode {
  if (is === 'exists') return 'conflict';
  return is === 'busy' ? 'unavailable' : is;
}

function usualRemedy(code: ErrorCode, { auth, api }: ProviderDefinition): string {
  switch (code) {
    case 'auth':
      return `Check the key in ${auth.env}, and that it belongs to the account behind ${api.base_url_env}.`;
    case 'forbidden':
      return `Give the key these scopes: ${auth.scopes.join(', ') || 'write access to customers'}.`;
    case 'not_found':
      return 'The record was deleted or never existed; run again to look it up anew.';
    case 'conflict':
      return 'Decide which record this customer is, and set its id under external_ids.';
    case 'rate_limited':
      return 'Run again later, or lower the rate share of this connection.';
    case 'unavailable':
    case 'uncertain':
      return 'Run again later; nothing is written twice.';
    case 'protocol':
      return `Check the base URL in ${api.base_url_env}: the answer is not this API's.`;
    default:
      return 'Correct the fields named, in the source or in the mapping, then run again.';
  }
}
