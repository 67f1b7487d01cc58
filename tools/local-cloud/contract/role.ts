import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import type { Target } from './contract.ts';

/** A policy document of one statement. */
export const document = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] });

/** A role of the claim's own that `Principal` may take, with an inline policy of one statement if there is one. */
export async function roleFor(target: Target, Principal: object, statement?: object) {
  const iam = target.client(IAMClient);
  const RoleName = target.name();
  const trust = { Effect: 'Allow', Principal, Action: 'sts:AssumeRole' };
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: document(trust) }));
  target.afterwards(() => iam.send(new DeleteRoleCommand({ RoleName })));
  if (statement) {
    const inline = { RoleName, PolicyName: 'inline' };
    await iam.send(new PutRolePolicyCommand({ ...inline, PolicyDocument: document(statement) }));
    target.afterwards(() => iam.send(new DeleteRolePolicyCommand(inline)));
  }
  return { RoleName, RoleArn: Role?.Arn as string };
}
