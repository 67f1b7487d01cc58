import { AwsError } from '../errors.ts';
import type { Caller, Demand } from '../service.ts';
import type { Decision } from './evaluate.ts';

/** Services whose error code has no `Exception` at its end: those with query or XML protocols. */
const plainCode = new Set(['s3', 'sts', 'iam', 'cloudformation', 'elasticloadbalancing', 'autoscaling']);

/** Services of the JSON protocols: they answer every client error with 400. */
const jsonProtocol = new Set([
  'cognito-idp',
  'dynamodb',
  'ecr',
  'ecs',
  'events',
  'kinesis',
  'kms',
  'logs',
  'secretsmanager',
  'ssm',
  'states',
]);

/** The refusal of a demand, in AWS's words ("Troubleshoot access denied error messages", IAM User Guide). */
export function accessDenied(caller: Caller, demand: Demand, decision: Decision, service: string): AwsError {
  const { action, resource } = demand;
  const target = service === 's3' ? `"${resource}"` : resource;
  const message = `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${target}${reason(decision, action)}`;
  // "Error codes for the Amazon EC2 API": UnauthorizedOperation.
  if (service === 'ec2') {
    const whole = `You are not authorized to perform this operation. ${message}`;
    return new AwsError('UnauthorizedOperation', whole, { status: 403 });
  }
  // "Publish" and its siblings, SNS API Reference: AuthorizationError.
  if (service === 'sns') return new AwsError('AuthorizationError', message, { status: 403 });
  return new AwsError(plainCode.has(service) ? 'AccessDenied' : 'AccessDeniedException', message, {
    status: jsonProtocol.has(service) ? 400 : 403,
  });
}

function reason(decision: Decision, action: string): string {
  if (decision.allowed) return '';
  const { by, explicit } = decision;
  if (!explicit) return ` because no ${by} allows the ${action} action`;
  return ` with an explicit deny in ${by.startsWith('identity') ? 'an' : 'a'} ${by}`;
}
