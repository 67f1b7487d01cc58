import { CreatePolicyCommand, DeletePolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import type { Target } from './contract.ts';
import { document } from './role.ts';

export const reference = (operation: string) => `IAM API Reference, ${operation}`;
export const quotas = 'IAM User Guide, IAM and AWS STS quotas';
/** A policy that is as good as any other. */
export const list = document({ Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' });
export const tags = (Value: string) => [{ Key: 'team', Value }];

/** A managed policy of its own. */
export async function policy(target: Target) {
  const iam = target.client(IAMClient);
  const PolicyName = target.name();
  const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument: list }));
  const PolicyArn = Policy?.Arn as string;
  target.afterwards(() => iam.send(new DeletePolicyCommand({ PolicyArn })));
  return { iam, PolicyName, PolicyArn };
}
