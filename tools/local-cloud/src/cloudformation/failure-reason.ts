import { randomUUID } from 'node:crypto';
import { AwsError } from '../errors.ts';

/** A failure whose reason is told as it stands: custom resources and nested stacks word it themselves. */
export class PlainFailure extends Error {}

/** "HandlerErrorCode", CloudFormation CLI User Guide: what a service's error is to a resource handler. */
const handlerErrorCodes: readonly (readonly [pattern: RegExp, code: string])[] = [
  [/AlreadyExists|AlreadyOwned|EntityAlreadyExists|ResourceInUse|ResourceConflict|BucketAlready/, 'AlreadyExists'],
  [/NotFound|NoSuch/, 'NotFound'],
  [/AccessDenied|UnauthorizedOperation/, 'AccessDenied'],
  [/Throttl|TooManyRequests|SlowDown/, 'Throttling'],
  [/LimitExceeded|ServiceQuota/, 'ServiceLimitExceeded'],
  [/Invalid|Malformed|Validation/, 'InvalidRequest'],
];

/** Why a resource failed, as its event says it. */
export function failureReason(error: unknown): string {
  if (!(error instanceof AwsError)) return (error as Error).message;
  // CloudFormation's own errors (a template's value) come without a handler.
  if (error.code === 'ValidationError') return error.message;
  const code = handlerErrorCodes.find(([pattern]) => pattern.test(error.code))?.[1] ?? 'GeneralServiceException';
  return `Resource handler returned message: "${error.message}" (RequestToken: ${randomUUID()}, HandlerErrorCode: ${code})`;
}
