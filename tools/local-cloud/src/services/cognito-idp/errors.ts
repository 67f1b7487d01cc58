import { type Problem, validationErrors } from '../../constraints.ts';
import { AwsError } from '../../errors.ts';

/** Input that breaks a rule; the text names the value. */
export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}

/** Wrong credentials, a token that opens nothing, or a state in which this may not be done. */
export function notAuthorized(message: string): AwsError {
  return new AwsError('NotAuthorizedException', message);
}

/** What Cognito says to a wrong password, and to a name it does not know when the client keeps such names secret. */
export const wrongPassword = () => notAuthorized('Incorrect username or password.');

export const userNotFound = () => new AwsError('UserNotFoundException', 'User does not exist.');

export const codeMismatch = () =>
  new AwsError('CodeMismatchException', 'Invalid verification code provided, please try again.');

export const codeExpired = () =>
  new AwsError('ExpiredCodeException', 'Invalid code provided, please request a code again.');

/** Throws one InvalidParameterException that lists every problem, as Cognito does with what breaks its model. */
export function validate(...problems: readonly Problem[]): void {
  const message = validationErrors(problems);
  if (message) throw invalidParameter(message);
}

/** The pattern of usernames and the like: letters, marks, symbols, numbers and punctuation, no spaces. */
export function printable(member: string, value: string | undefined): Problem {
  if (value === undefined || /^[\p{L}\p{M}\p{S}\p{N}\p{P}]+$/u.test(value)) return undefined;
  return `Value '${value}' at '${member}' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+`;
}

/** What the embedded cloud lacks of Cognito is refused, not ignored. */
export function unsupported(what: string): AwsError {
  return new AwsError('NotImplementedException', `The embedded cloud's Cognito has no ${what}.`, { status: 501 });
}
