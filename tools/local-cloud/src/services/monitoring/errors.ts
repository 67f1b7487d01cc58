import { type Problem, validationErrors } from '../../constraints.ts';
import { AwsError } from '../../errors.ts';

/** Throws one error that lists every problem. */
export function validate(...problems: readonly Problem[]): void {
  const message = validationErrors(problems);
  if (message) throw new AwsError('ValidationError', message, { status: 400 });
}

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message);
}

export function invalidCombination(message: string): AwsError {
  return new AwsError('InvalidParameterCombinationException', message);
}

export function missingParameter(name: string): AwsError {
  return new AwsError('MissingRequiredParameterException', `The parameter ${name} is required.`);
}

/** 501 for what would change what an alarm does and has no counterpart here. */
export function unsupported(what: string): AwsError {
  return new AwsError('NotImplementedException', `The embedded cloud's CloudWatch cannot honour ${what}.`, {
    status: 501,
  });
}
