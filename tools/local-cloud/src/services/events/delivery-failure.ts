import { AwsError } from '../../errors.ts';
import { InvalidTargetInput } from './target-input.ts';

/** Why a delivery failed, in the words of a dead-letter message. */
export interface DeliveryFailure {
  /** One of the error codes of "Using dead-letter queues to process undelivered events" (User Guide). */
  readonly code: string;
  readonly message: string;
  readonly isRetryable: boolean;
  /** The target asked to be left alone for so long, in milliseconds. */
  readonly retryAfterMs?: number;
}

/** A role that can't be taken. */
export class RoleNotAssumed extends Error {
  override readonly name = 'RoleNotAssumed';
}

/**
 * The same page: missing permissions and targets that no longer exist are not tried again; "EventBridge resolves
 * FailedInvocations errors" (AWS re:Post Knowledge Center): 5xx and 429 are.
 */
export function failureOf(error: unknown): DeliveryFailure {
  const { message } = error as Error;
  const final = (code: string) => ({ code, message, isRetryable: false });
  const passing = (code: string) => ({ code, message, isRetryable: true });
  if (error instanceof InvalidTargetInput) return final('INVALID_JSON');
  if (error instanceof RoleNotAssumed) return final('FAILED_TO_ASSUME_ROLE');
  if (!(error instanceof AwsError)) return passing('INTERNAL_ERROR');
  const { code, status = 400, members } = error;
  const retryAfterMs = Number(members['retryAfterMs'] ?? 0);
  if (code === 'ApiDestinationError' && retryAfterMs > 0) {
    return { ...passing(status === 429 ? 'THROTTLING' : 'ERROR_FROM_TARGET'), retryAfterMs };
  }
  if (code === 'THIRD_ACCOUNT_HOP_DETECTED') return final(code);
  if (/Throttl|TooManyRequests|ThroughputExceeded|RequestLimit/.test(code) || status === 429)
    return passing('THROTTLING');
  if (/AccessDenied|NotAuthorized|AuthorizationError/.test(code)) return final('NO_PERMISSIONS');
  if (/NotFound|NonExistent|DoesNotExist/.test(code) || status === 404) return final('NO_RESOURCE');
  if (status >= 500 && status !== 501) return passing('ERROR_FROM_TARGET');
  return final(status === 501 ? 'SDK_CLIENT_ERROR' : 'INVALID_PARAMETER');
}
