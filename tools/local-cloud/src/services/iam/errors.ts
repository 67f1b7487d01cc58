import { AwsError } from '../../errors.ts';

/** The HTTP status of each comes from IAM's model. */
export function noSuchEntity(message: string): AwsError {
  return new AwsError('NoSuchEntity', message);
}

export function alreadyExists(message: string): AwsError {
  return new AwsError('EntityAlreadyExists', message);
}

export function deleteConflict(message: string): AwsError {
  return new AwsError('DeleteConflict', message);
}

export function limitExceeded(message: string): AwsError {
  return new AwsError('LimitExceeded', message);
}

export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', message, { status: 400 });
}

/** "1 validation error detected": how IAM words a broken constraint of its model. */
export function constraint(member: string, value: unknown, broken: string): AwsError {
  return validationError(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must ${broken}`,
  );
}
