import type { Demand } from '../service.ts';

/**
 * What a caller must be allowed when it hands a role to a service (`lambda.amazonaws.com`): "Grant a user permissions to
 * pass a role to an AWS service", IAM User Guide.
 */
export function passRoleDemand(roleArn: string, service: string): Demand {
  return { action: 'iam:PassRole', resource: roleArn, context: { 'iam:PassedToService': service } };
}
