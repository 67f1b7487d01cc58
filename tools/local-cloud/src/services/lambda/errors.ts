import { type Problem, validationErrors } from '../../constraints.ts';
import { AwsError } from '../../errors.ts';

/** Lambda says of each error whose doing it is; everything a client can cause is the user's. */
const members = { Type: 'User' };

/** Throws one ValidationException that lists every problem. */
export function validate(...problems: readonly Problem[]): void {
  const message = validationErrors(problems);
  if (message) throw new AwsError('ValidationException', message, { status: 400 });
}

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message, { members });
}

export function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message, { members });
}

export function functionNotFound(arn: string): AwsError {
  return notFound(`Function not found: ${arn}`);
}

/** Lambda's answer for policies, layers and function URLs that are not there. */
export function resourceNotFound(): AwsError {
  return notFound('The resource you requested does not exist.');
}

export function conflict(message: string): AwsError {
  return new AwsError('ResourceConflictException', message, { members });
}

/** `api` is the operation that tells the latest id, e.g. `GetFunction/GetAlias`. */
export function revisionMismatch(api: string): AwsError {
  return new AwsError(
    'PreconditionFailedException',
    `The Revision Id provided does not match the latest Revision Id. Call the ${api} API to retrieve the latest Revision Id`,
    { members },
  );
}

/** 413, for code packages. */
export function requestEntityTooLarge(message: string): AwsError {
  return new AwsError('RequestEntityTooLargeException', message, { status: 413, members });
}

/** "TooManyRequestsException", Invoke API: the reason tells which limit was met. */
export function tooManyRequests(
  Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' | 'ConcurrentInvocationLimitExceeded',
): AwsError {
  return new AwsError('TooManyRequestsException', 'Rate Exceeded.', { members: { ...members, Reason } });
}

/** 501 for settings that would change what a function does and have no counterpart here. */
export function unsupported(setting: string): AwsError {
  return new AwsError(
    'NotImplementedException',
    `The embedded cloud's Lambda cannot honour ${setting}. Leave it out here, or run this function on AWS.`,
    { status: 501 },
  );
}
