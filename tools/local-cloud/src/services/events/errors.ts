import { type Problem, validationErrors } from '../../constraints.ts';
import { AwsError, validationError } from '../../errors.ts';

/** Throws one ValidationException that lists every problem. */
export function validate(...problems: readonly Problem[]): void {
  const message = validationErrors(problems);
  if (message) throw validationError(message);
}

export function notFound(what: string): AwsError {
  return new AwsError('ResourceNotFoundException', `${what} does not exist.`);
}

export function ruleNotFound(name: string, bus: string): AwsError {
  return notFoundText(`Rule ${name} does not exist on EventBus ${bus}.`);
}

export function notFoundText(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message);
}

export function alreadyExists(what: string): AwsError {
  return new AwsError('ResourceAlreadyExistsException', `${what} already exists.`);
}

/** A quota is used up. */
export function limitExceeded(): AwsError {
  return new AwsError('LimitExceededException', 'The requested resource exceeds the maximum number allowed.');
}

export function invalidPattern(reason: string): AwsError {
  return new AwsError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${reason}`);
}

/** What the embedded cloud lacks of EventBridge is refused with what to do instead. */
export function unsupported(what: string, wayOut: string): AwsError {
  const message = `The embedded cloud's EventBridge does not support ${what}: ${wayOut}.`;
  return new AwsError('NotImplementedException', message, { status: 501 });
}
