import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { expect } from 'vitest';
import { refusal, type Target } from './contract.ts';

export const reference = (operation: string) => `CloudFormation API Reference, ${operation}`;
export const guide = (page: string) => `CloudFormation User Guide, ${page}`;

/** A resource that is cheap to make and to change: a parameter of SSM. */
export const parameter = (Name: string, Value: unknown = 'a') => ({
  Type: 'AWS::SSM::Parameter',
  Properties: { Name, Type: 'String', Value },
});

/** A stack that is not there yet, and what is done with it; whatever was created is deleted afterwards. */
export async function stacks(target: Target) {
  const cloudFormation = target.client(CloudFormationClient);
  const StackName = target.name();
  const text = (Resources: object, more: object = {}) => JSON.stringify({ Resources, ...more });
  const status = async () =>
    (await cloudFormation.send(new DescribeStacksCommand({ StackName }))).Stacks?.[0]?.StackStatus;
  const settled = () =>
    target.until(async () => {
      const now = await status();
      expect(now).not.toMatch(/_IN_PROGRESS$/);
      return now;
    });
  const gone = () =>
    target.until(async () => {
      const { message } = await refusal(cloudFormation.send(new DescribeStacksCommand({ StackName })));
      expect(message).toBe(`Stack with id ${StackName} does not exist`);
    });
  return {
    cloudFormation,
    StackName,
    text,
    settled,
    gone,
    async create(Resources: object, more: object = {}) {
      await cloudFormation.send(new CreateStackCommand({ StackName, TemplateBody: text(Resources, more) }));
      target.afterwards(async () => {
        await cloudFormation.send(new DeleteStackCommand({ StackName }));
        await gone();
      });
      return settled();
    },
    async update(Resources: object, more: object = {}) {
      await cloudFormation.send(new UpdateStackCommand({ StackName, TemplateBody: text(Resources, more) }));
      return settled();
    },
    async value(Name: string) {
      return (await target.client(SSMClient).send(new GetParameterCommand({ Name }))).Parameter?.Value;
    },
  };
}
