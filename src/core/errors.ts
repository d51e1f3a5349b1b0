import type { ErrorCode } from '../../schemas/error-codes.js';
import type { Failure } from '../../schemas/outcome.js';

const retryableCodes: ReadonlySet<ErrorCode> = new Set(['rate_limited', 'unavailable', 'uncertain']);

interface ErrorDetails {
  readonly message: string;
  /** What the reader should do. */
  readonly remedy: string;
  readonly provider?: string | undefined;
  readonly customerId?: string | undefined;
  readonly status?: number | undefined;
  readonly providerCode?: string | undefined;
  readonly fields?: readonly { readonly field: string; readonly message: string }[] | undefined;
}

/**
 * The one error of this project. `code` is stable; `message` and `remedy` are for people and hold no secret and no
 * value of a customer.
 */
export class CustomerSyncError extends Error {
  override readonly name = 'CustomerSyncError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, details: ErrorDetails) {
    super(details.message);
    this.code = code;
    this.details = details;
  }

  /** Whether the same request may succeed later without anybody changing anything. */
  get retryable(): boolean {
    return retryableCodes.has(this.code);
  }

  toFailure(): Failure {
    const { message, remedy, status, providerCode, fields } = this.details;
    return {
      code: this.code,
      message,
      remedy,
      ...(status !== undefined && { status }),
      ...(providerCode !== undefined && { provider_code: providerCode }),
      ...(fields !== undefined && fields.length > 0 && { fields: [...fields] }),
    };
  }
}

/**
 * Recognises our error by its shape: in Nango's sandbox an error may come from another realm, where `instanceof` fails.
 */
export function isCustomerSyncError(error: unknown): error is CustomerSyncError {
  return typeof error === 'object' && error !== null && 'name' in error && error.name === 'CustomerSyncError';
}
