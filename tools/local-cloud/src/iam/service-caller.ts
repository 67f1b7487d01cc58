import type { Caller } from '../service.ts';

/** A principal of no account: only what a policy says to everybody is said to it. */
export const anonymous: Caller = { account: 'anonymous', type: 'service', arn: 'anonymous', userId: 'anonymous' };

/**
 * One of the cloud's services that acts for itself (S3 that invokes a function): resource-based policies see it as
 * `principal` (`s3.amazonaws.com`), with `aws:SourceAccount` and, when it acts for a resource, `aws:SourceArn`.
 */
export function serviceCaller(principal: string, account: string, sourceArn?: string): Caller {
  const caller = { account, type: 'service', arn: principal, userId: principal } as const;
  return sourceArn === undefined ? caller : { ...caller, sourceArn };
}
