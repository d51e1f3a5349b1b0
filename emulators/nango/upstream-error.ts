import type { Answer } from './answer.js';

/** The provider answered, and not with success. */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError';
  readonly status: number;
  readonly headers: Answer['headers'];
  /** Undefined when the connection broke in the middle of it. */
  readonly body: Uint8Array | undefined;

  constructor(answer: { status: number; headers: Answer['headers']; body: Uint8Array | undefined }) {
    super(`the provider answered ${answer.status}`);
    this.status = answer.status;
    this.headers = answer.headers;
    this.body = answer.body;
  }
}
