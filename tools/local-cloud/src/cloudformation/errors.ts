import { AwsError } from '../errors.ts';

/** How CloudFormation answers almost everything a request or template gets wrong. */
export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', message, { status: 400 });
}

/** What is wrong with a template's form. */
export function formatError(message: string): AwsError {
  return validationError(`Template format error: ${message}`);
}

export function aliasError(): AwsError {
  return formatError('YAML aliases are not allowed in CloudFormation templates');
}
