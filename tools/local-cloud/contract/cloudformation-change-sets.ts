import {
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  ExecuteChangeSetCommand,
  ListChangeSetsCommand,
} from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import { guide, parameter, reference, stacks } from './cloudformation-support.ts';
import { type Claim, refusal } from './contract.ts';

/** Claims about change sets. */
export const changeSetClaims: readonly Claim[] = [
  {
    operation: 'CreateChangeSet',
    claim: 'imports nothing without a DeletionPolicy',
    source: guide('Import AWS resources into a CloudFormation stack'),
    async run(target) {
      const { cloudFormation, StackName, text } = await stacks(target);
      const Name = `/${target.name()}`;
      const call = new CreateChangeSetCommand({
        StackName,
        ChangeSetName: 'import',
        ChangeSetType: 'IMPORT',
        TemplateBody: text({ One: parameter(Name) }),
        ResourcesToImport: [
          { LogicalResourceId: 'One', ResourceType: 'AWS::SSM::Parameter', ResourceIdentifier: { Name } },
        ],
      });
      expect((await refusal(cloudFormation.send(call))).message).toContain(
        'The following resources to import [One] must have DeletionPolicy attribute specified in the template.',
      );
    },
  },
  {
    operation: 'CreateChangeSet',
    claim: 'says what it would do and does it when it is executed',
    source: guide('Update CloudFormation stacks using change sets'),
    async run(target) {
      const { create, cloudFormation, StackName, text, settled, value } = await stacks(target);
      const name = `/${target.name()}`;
      await create({ One: parameter(name) });
      const set = { StackName, ChangeSetName: 'contract' };
      const TemplateBody = text({ One: parameter(name, 'b') });
      await cloudFormation.send(new CreateChangeSetCommand({ ...set, TemplateBody }));
      const { Changes } = await target.until(async () => {
        const made = await cloudFormation.send(new DescribeChangeSetCommand(set));
        expect(made.Status).toBe('CREATE_COMPLETE');
        return made;
      });
      expect(Changes?.map(({ ResourceChange }) => ResourceChange)).toMatchObject([
        { Action: 'Modify', LogicalResourceId: 'One', Replacement: 'False' },
      ]);
      expect(await value(name)).toBe('a');
      await cloudFormation.send(new ExecuteChangeSetCommand(set));
      await target.until(async () => expect(await settled()).toBe('UPDATE_COMPLETE'));
      expect(await value(name)).toBe('b');
    },
  },
  {
    operation: 'CreateChangeSet',
    claim: 'fails when nothing would change',
    source: reference('DescribeChangeSet'),
    async run(target) {
      const { create, cloudFormation, StackName, text } = await stacks(target);
      const template = { One: parameter(`/${target.name()}`) };
      await create(template);
      const set = { StackName, ChangeSetName: 'contract' };
      await cloudFormation.send(new CreateChangeSetCommand({ ...set, TemplateBody: text(template) }));
      await target.until(async () => {
        const { Status, StatusReason } = await cloudFormation.send(new DescribeChangeSetCommand(set));
        expect(Status).toBe('FAILED');
        expect(StatusReason).toContain("The submitted information didn't contain changes.");
      });
    },
  },
  {
    operation: 'DeleteChangeSet',
    beside: ['ListChangeSets', 'DescribeChangeSet', 'ExecuteChangeSet'],
    claim: 'takes a change set away, which then can not be executed',
    source: reference('DeleteChangeSet'),
    async run(target) {
      const { create, cloudFormation, StackName, text } = await stacks(target);
      const name = `/${target.name()}`;
      await create({ One: parameter(name) });
      const set = { StackName, ChangeSetName: 'contract' };
      const TemplateBody = text({ One: parameter(name, 'b') });
      await cloudFormation.send(new CreateChangeSetCommand({ ...set, TemplateBody }));
      await target.until(async () => {
        expect((await cloudFormation.send(new DescribeChangeSetCommand(set))).Status).toBe('CREATE_COMPLETE');
      });
      const names = async () => {
        const { Summaries } = await cloudFormation.send(new ListChangeSetsCommand({ StackName }));
        return Summaries?.map(({ ChangeSetName }) => ChangeSetName);
      };
      expect(await names()).toEqual(['contract']);
      await cloudFormation.send(new DeleteChangeSetCommand(set));
      await target.until(async () => expect(await names()).toEqual([]));
      const execute = cloudFormation.send(new ExecuteChangeSetCommand(set));
      expect((await refusal(execute)).name).toBe('ChangeSetNotFoundException');
    },
  },
];
