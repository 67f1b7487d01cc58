import { AwsError } from '../../errors.ts';

/** The errors of "AWS WAFV2 API Reference", in AWS's words. */
export function nonexistent(): AwsError {
  return new AwsError(
    'WAFNonexistentItemException',
    'AWS WAF couldn’t perform the operation because your resource doesn’t exist.',
  );
}

/** The name is taken. */
export function duplicate(): AwsError {
  return new AwsError(
    'WAFDuplicateItemException',
    'AWS WAF couldn’t perform the operation because some resource in your request is a duplicate of an existing one.',
  );
}

/** It is in use, and cannot be deleted before it is not. */
export function associated(): AwsError {
  return new AwsError(
    'WAFAssociatedItemException',
    'AWS WAF couldn’t perform the operation because your resource is being used by another resource or it’s associated with another resource.',
  );
}

/** The LockToken is not that of the last change. */
export function outdated(): AwsError {
  return new AwsError(
    'WAFOptimisticLockException',
    'AWS WAF couldn’t save your changes because someone changed the resource after you started to edit it. Reapply your changes.',
  );
}

/** Which parameter is wrong, and why, as `ParameterExceptionField` names them. */
export function invalid(reason: string, field: string, parameter: unknown): AwsError {
  const message = `Error reason: ${reason}, field: ${field}, parameter: ${parameter}`;
  return new AwsError('WAFInvalidParameterException', message, {
    members: { Field: field, Parameter: String(parameter), Reason: reason },
  });
}

/** Something whose effect the embedded cloud lacks. */
export function unsupported(what: string): AwsError {
  return new AwsError('NotImplementedException', `The embedded cloud's WAF has no ${what}.`, { status: 501 });
}
