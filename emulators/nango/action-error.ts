/** `nango.ActionError`: what a script throws to choose the error's payload. */
export class ActionError extends Error {
  readonly type = 'action_script_runtime_error';
  readonly payload: unknown;

  constructor(payload?: unknown) {
    super();
    this.payload = payload;
  }
}
