import { type Problem, validationErrors } from '../../constraints.ts';
import { AwsError, validationError } from '../../errors.ts';

/** Throws one ValidationException that lists every problem the model's constraints find. */
export function validate(...problems: readonly Problem[]): void {
  const message = validationErrors(problems);
  if (message) throw validationError(message);
}

/** ValidationException in the words DynamoDB puts before most of what it finds wrong in parameters. */
export function invalidParameters(message: string): AwsError {
  return validationError(`One or more parameter values were invalid: ${message}`);
}

/** What operations on items answer when the table is not there, or not yet. */
export function tableNotFound(): AwsError {
  return new AwsError('ResourceNotFoundException', 'Requested resource not found');
}

/** What operations on tables answer when the table is not there. */
export function tableNotFoundByName(name: string): AwsError {
  return new AwsError('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);
}

export function resourceInUse(message: string): AwsError {
  return new AwsError('ResourceInUseException', message);
}

export function limitExceeded(message: string): AwsError {
  return new AwsError('LimitExceededException', message);
}
