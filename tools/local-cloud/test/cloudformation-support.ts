import {
  CloudFormationClient,
  CreateChangeSetCommand,
  type CreateChangeSetCommandInput,
  CreateStackCommand,
  type CreateStackCommandInput,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  type StackStatus,
  UpdateStackCommand,
  type UpdateStackCommandInput,
} from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import { startTestCloud } from '../src/testing.ts';

type Resources = Readonly<Record<string, object>>;

/** A template's text: resources, and other sections where a test needs them. */
export function template(Resources: Resources, sections: object = {}): string {
  return JSON.stringify({ Resources, ...sections });
}

export const parameter = (Name: string, Value: unknown = 'v', more: object = {}) => ({
  Type: 'AWS::SSM::Parameter',
  Properties: { Name, Type: 'String', Value, ...more },
});

/** A resource whose creation SSM refuses. */
export const impossible = { Type: 'AWS::SSM::Parameter', Properties: { Name: '/aws/no', Type: 'String', Value: 'v' } };

/** A cloud with what tests of stacks do over and over. */
export async function startStackCloud() {
  const cloud = await startTestCloud();
  const cloudFormation = cloud.client(CloudFormationClient);

  const describe = async (StackName: string) =>
    (await cloudFormation.send(new DescribeStacksCommand({ StackName }))).Stacks?.[0];

  /** The stack, once no operation is under way. Rejects when there is none, or none any more. */
  async function settled(StackName: string) {
    for (;;) {
      const stack = await describe(StackName);
      if (!stack?.StackStatus?.endsWith('_IN_PROGRESS')) return stack;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  return {
    ...cloud,
    cloudFormation,
    describe,
    settled,
    async create(StackName: string, TemplateBody: string, more: Partial<CreateStackCommandInput> = {}) {
      const Capabilities = ['CAPABILITY_NAMED_IAM' as const];
      await cloudFormation.send(new CreateStackCommand({ StackName, TemplateBody, Capabilities, ...more }));
      return settled(StackName);
    },
    async update(StackName: string, TemplateBody: string, more: Partial<UpdateStackCommandInput> = {}) {
      const Capabilities = ['CAPABILITY_NAMED_IAM' as const];
      await cloudFormation.send(new UpdateStackCommand({ StackName, TemplateBody, Capabilities, ...more }));
      return settled(StackName);
    },
    async changeSet(StackName: string, TemplateBody: string, more: Partial<CreateChangeSetCommandInput> = {}) {
      const input = { StackName, ChangeSetName: 'changes', TemplateBody, ...more };
      const { Id } = await cloudFormation.send(new CreateChangeSetCommand(input));
      const described = await cloudFormation.send(
        new DescribeChangeSetCommand({ ChangeSetName: Id, IncludePropertyValues: true }),
      );
      return { Id, described };
    },
    async execute(StackName: string, more: object = {}) {
      await cloudFormation.send(new ExecuteChangeSetCommand({ StackName, ChangeSetName: 'changes', ...more }));
      return settled(StackName);
    },
    /** `Logical STATUS`, oldest first, with the reason where there is one. */
    async events(StackName: string): Promise<string[]> {
      const { StackEvents } = await cloudFormation.send(new DescribeStackEventsCommand({ StackName }));
      return (StackEvents ?? [])
        .reverse()
        .map(({ LogicalResourceId, ResourceStatus, ResourceStatusReason: reason }) =>
          [LogicalResourceId, ResourceStatus, reason].filter(Boolean).join(' '),
        );
    },
    async physicalIds(StackName: string): Promise<Record<string, string | undefined>> {
      const { StackResources } = await cloudFormation.send(new DescribeStackResourcesCommand({ StackName }));
      return Object.fromEntries(
        (StackResources ?? []).map(({ LogicalResourceId, PhysicalResourceId }) => [
          LogicalResourceId,
          PhysicalResourceId,
        ]),
      );
    },
  };
}

export type StackCloud = Awaited<ReturnType<typeof startStackCloud>>;

let made = 0;

/** Creates a stack, looks, updates it, looks again, and deletes it; each time it must end well. */
export async function live(
  cloud: StackCloud,
  stages: readonly { readonly resources: Resources; see(ids: Readonly<Record<string, string>>): Promise<void> }[],
) {
  const name = `live${++made}`;
  for (const [index, { resources, see }] of stages.entries()) {
    const stack = await (index === 0 ? cloud.create : cloud.update)(name, template(resources));
    const why = (await cloud.events(name)).filter((event) => event.includes('FAILED')).join('\n');
    expect(stack?.StackStatus, why).toBe(index === 0 ? 'CREATE_COMPLETE' : 'UPDATE_COMPLETE');
    await see((await cloud.physicalIds(name)) as Record<string, string>);
  }
  const stack = await cloud.describe(name);
  await cloud.cloudFormation.send(new DeleteStackCommand({ StackName: name }));
  const gone = await cloud.settled(stack?.StackId ?? '');
  expect(gone?.StackStatus, gone?.StackStatusReason).toBe('DELETE_COMPLETE');
}

export type { StackStatus };
