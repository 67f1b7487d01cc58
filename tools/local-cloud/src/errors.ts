/**
 * An error a service answers with, in AWS's words.
 *
 * `code` is the error shape's name in the service's model (`ResourceNotFoundException`, `NoSuchBucket`). The HTTP status
 * comes from the model when it knows the shape, otherwise from `status` (400 when neither says).
 */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number | undefined;
  /** Further members of the error shape, e.g. `{ Type: 'User' }`. */
  readonly members: Record<string, unknown>;

  constructor(code: string, message: string, options: { status?: number; members?: Record<string, unknown> } = {}) {
    super(message);
    this.name = 'AwsError';
    this.code = code;
    this.status = options.status;
    this.members = options.members ?? {};
  }
}

/** What every service answers when the input breaks its model: the code is `ValidationException` in most JSON services. */
export function validationError(message: string): AwsError {
  return new AwsError('ValidationException', message, { status: 400 });
}
