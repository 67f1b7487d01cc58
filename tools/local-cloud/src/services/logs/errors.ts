import { type Problem, validationErrors } from '../../constraints.ts';
import { AwsError } from '../../errors.ts';

/** CloudWatch Logs answers what breaks its model with InvalidParameterException, not ValidationException. */
export function validate(...problems: readonly Problem[]): void {
  const message = validationErrors(problems);
  if (message) throw invalidParameter(message);
}

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}

export function groupNotFound(): AwsError {
  return new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
}

export function streamNotFound(): AwsError {
  return new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.');
}

export function alreadyExists(what: 'group' | 'stream'): AwsError {
  return new AwsError('ResourceAlreadyExistsException', `The specified log ${what} already exists`);
}

export function limitExceeded(): AwsError {
  return new AwsError('LimitExceededException', 'Resource limit exceeded.');
}
