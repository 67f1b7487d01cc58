import {
  CloudFormationClient,
  ContinueUpdateRollbackCommand,
  CreateChangeSetCommand,
  CreateStackCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeEventsCommand,
  DescribeStackDriftDetectionStatusCommand,
  DescribeStackEventsCommand,
  DescribeStackResourceCommand,
  DescribeStackResourceDriftsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  DetectStackDriftCommand,
  DetectStackResourceDriftCommand,
  ExecuteChangeSetCommand,
  GetStackPolicyCommand,
  GetTemplateCommand,
  GetTemplateSummaryCommand,
  ListChangeSetsCommand,
  ListExportsCommand,
  ListImportsCommand,
  ListStackResourcesCommand,
  ListStacksCommand,
  RollbackStackCommand,
  SetStackPolicyCommand,
  UpdateStackCommand,
  UpdateTerminationProtectionCommand,
  ValidateTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { expect } from 'vitest';
import { cloudformation as service } from '../src/services/cloudformation/service.ts';
import { type Contract, refusal, type Target } from './contract.ts';

const reference = (operation: string) => `CloudFormation API Reference, ${operation}`;
const guide = (page: string) => `CloudFormation User Guide, ${page}`;
const parameter = (Name: string, Value: unknown = 'a') => ({
  Type: 'AWS::SSM::Parameter',
  Properties: { Name, Type: 'String', Value },
});
/** SSM lets nobody create this. */
const impossible = parameter('/aws/reserved');

async function stacks(target: Target) {
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

export const cloudformation: Contract = {
  service,
  claims: [
    {
      operation: 'CreateStack',
      claim: 'creates what others refer to first',
      source: guide('DependsOn attribute'),
      async run(target) {
        const { create, cloudFormation, StackName, value } = await stacks(target);
        const name = `/${target.name()}`;
        const second = parameter(`${name}/second`, { 'Fn::GetAtt': ['First', 'Value'] });
        expect(await create({ Second: second, First: parameter(`${name}/first`, 'b') })).toBe('CREATE_COMPLETE');
        expect(await value(`${name}/second`)).toBe('b');
        const { StackEvents = [] } = await cloudFormation.send(new DescribeStackEventsCommand({ StackName }));
        const finished = StackEvents.filter((event) => event.ResourceStatus === 'CREATE_COMPLETE').reverse();
        expect(finished.map((event) => event.LogicalResourceId)).toEqual(['First', 'Second', StackName]);
      },
    },
    {
      operation: 'CreateStack',
      claim: 'takes everything back when one resource fails',
      source: guide('Stack failure options'),
      async run(target) {
        const { create, value } = await stacks(target);
        const name = `/${target.name()}`;
        const last = { ...impossible, DependsOn: 'First' };
        expect(await create({ First: parameter(name), Last: last })).toBe('ROLLBACK_COMPLETE');
        expect((await refusal(value(name))).name).toBe('ParameterNotFound');
      },
    },
    {
      operation: 'CreateStack',
      claim: 'refuses a name that is taken',
      source: reference('CreateStack'),
      async run(target) {
        const { create, cloudFormation, StackName, text } = await stacks(target);
        const TemplateBody = text({ One: parameter(`/${target.name()}`) });
        await create({ One: parameter(`/${target.name()}`) });
        const again = new CreateStackCommand({ StackName, TemplateBody });
        expect((await refusal(cloudFormation.send(again))).name).toBe('AlreadyExistsException');
      },
    },
    {
      operation: 'CreateStack',
      claim: 'refuses roles without the capability',
      source: guide('Acknowledging IAM resources in CloudFormation templates'),
      async run(target) {
        const { cloudFormation, StackName, text } = await stacks(target);
        const AssumeRolePolicyDocument = {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
        };
        const TemplateBody = text({ Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument } } });
        const call = cloudFormation.send(new CreateStackCommand({ StackName, TemplateBody }));
        expect(await refusal(call)).toMatchObject({
          name: 'InsufficientCapabilitiesException',
          message: 'Requires capabilities : [CAPABILITY_IAM]',
        });
      },
    },
    {
      operation: 'UpdateStack',
      claim: 'changes in place what can be, replaces what cannot, and deletes what is gone',
      source: guide('Update behaviors of stack resources'),
      async run(target) {
        const { create, update, value } = await stacks(target);
        const [kept, renamed, dropped] = [1, 2, 3].map(() => `/${target.name()}`) as [string, string, string];
        await create({ Kept: parameter(kept), Renamed: parameter(renamed), Dropped: parameter(dropped) });
        await update({ Kept: parameter(kept, 'b'), Renamed: parameter(`${renamed}-new`) });
        expect([await value(kept), await value(`${renamed}-new`)]).toEqual(['b', 'a']);
        for (const name of [renamed, dropped]) expect((await refusal(value(name))).name).toBe('ParameterNotFound');
      },
    },
    {
      operation: 'UpdateStack',
      claim: 'restores what it had changed when one resource fails',
      source: guide('Update behaviors of stack resources'),
      async run(target) {
        const { create, update, value } = await stacks(target);
        const name = `/${target.name()}`;
        await create({ One: parameter(name) });
        const status = await update({ One: parameter(name, 'b'), Two: { ...impossible, DependsOn: 'One' } });
        expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
        expect(await value(name)).toBe('a');
      },
    },
    {
      operation: 'UpdateStack',
      claim: 'refuses an update that changes nothing',
      source: reference('UpdateStack'),
      async run(target) {
        const { create, update } = await stacks(target);
        const template = { One: parameter(`/${target.name()}`) };
        await create(template);
        expect(await refusal(update(template))).toEqual({
          name: 'ValidationError',
          message: 'No updates are to be performed.',
        });
      },
    },
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
      operation: 'ListExports',
      claim: 'names what stacks export',
      source: guide('Get exported outputs from a deployed CloudFormation stack'),
      async run(target) {
        const { create, cloudFormation } = await stacks(target);
        const Name = target.name();
        const Outputs = { Out: { Value: { Ref: 'One' }, Export: { Name } } };
        await create({ One: parameter(`/${target.name()}`) }, { Outputs });
        const found = [];
        let NextToken: string | undefined;
        do {
          const page = await cloudFormation.send(new ListExportsCommand({ NextToken }));
          found.push(...(page.Exports ?? []));
          NextToken = page.NextToken;
        } while (NextToken);
        expect(found.map((one) => one.Name)).toContain(Name);
      },
    },
    {
      operation: 'DeleteStack',
      claim: 'refuses a protected stack',
      source: guide('Protect CloudFormation stacks from being deleted'),
      async run(target) {
        const { create, cloudFormation, StackName } = await stacks(target);
        await create({ One: parameter(`/${target.name()}`) });
        const protect = (EnableTerminationProtection: boolean) =>
          cloudFormation.send(new UpdateTerminationProtectionCommand({ StackName, EnableTerminationProtection }));
        await protect(true);
        const { name } = await refusal(cloudFormation.send(new DeleteStackCommand({ StackName })));
        await protect(false);
        expect(name).toBe('ValidationError');
      },
    },
    {
      operation: 'DeleteStack',
      claim: 'takes the resources along and says nothing the second time',
      source: reference('DeleteStack'),
      async run(target) {
        const { create, cloudFormation, StackName, gone, value } = await stacks(target);
        const name = `/${target.name()}`;
        await create({ One: parameter(name) });
        await cloudFormation.send(new DeleteStackCommand({ StackName }));
        await gone();
        expect((await refusal(value(name))).name).toBe('ParameterNotFound');
        await cloudFormation.send(new DeleteStackCommand({ StackName }));
      },
    },
    {
      operation: 'ValidateTemplate',
      claim: 'refuses a reference to nothing',
      source: reference('ValidateTemplate'),
      async run(target) {
        const TemplateBody = JSON.stringify({ Resources: { One: parameter('/a', { Ref: 'Nothing' }) } });
        const call = target.client(CloudFormationClient).send(new ValidateTemplateCommand({ TemplateBody }));
        expect(await refusal(call)).toEqual({
          name: 'ValidationError',
          message:
            'Template format error: Unresolved resource dependencies [Nothing] in the Resources block of the template',
        });
      },
    },
    {
      operation: 'DescribeStackResources',
      beside: ['DescribeStackResource', 'ListStackResources', 'ListStacks', 'DescribeStacks'],
      claim: 'lists what ListStackResources lists',
      source: reference('DescribeStackResources'),
      async run(target) {
        const { create, cloudFormation, StackName } = await stacks(target);
        const name = `/${target.name()}`;
        await create({ One: parameter(name) });
        const { StackResources } = await cloudFormation.send(new DescribeStackResourcesCommand({ StackName }));
        const listed = await cloudFormation.send(new ListStackResourcesCommand({ StackName }));
        const one = { StackName, LogicalResourceId: 'One' };
        const { StackResourceDetail } = await cloudFormation.send(new DescribeStackResourceCommand(one));
        const ids = [StackResources?.[0], listed.StackResourceSummaries?.[0], StackResourceDetail];
        expect(ids.map((resource) => resource?.PhysicalResourceId)).toEqual([name, name, name]);
        const { StackSummaries } = await cloudFormation.send(
          new ListStacksCommand({ StackStatusFilter: ['CREATE_COMPLETE'] }),
        );
        expect(StackSummaries?.length).toBeGreaterThan(0);
      },
    },
    {
      operation: 'DescribeStackEvents',
      beside: ['DescribeEvents'],
      claim: 'begins with the newest event',
      source: reference('DescribeStackEvents'),
      async run(target) {
        const { create, cloudFormation, StackName } = await stacks(target);
        await create({ One: parameter(`/${target.name()}`) });
        const { StackEvents } = await cloudFormation.send(new DescribeStackEventsCommand({ StackName }));
        expect(StackEvents?.[0]).toMatchObject({ LogicalResourceId: StackName, ResourceStatus: 'CREATE_COMPLETE' });
        const { OperationEvents } = await cloudFormation.send(new DescribeEventsCommand({ StackName }));
        expect(OperationEvents?.length).toBeGreaterThanOrEqual(StackEvents?.length ?? 1);
      },
    },
    {
      operation: 'GetTemplate',
      beside: ['GetTemplateSummary'],
      claim: 'gives the template back as it was given',
      source: reference('GetTemplate'),
      async run(target) {
        const { create, cloudFormation, StackName, text } = await stacks(target);
        const resources = { One: parameter(`/${target.name()}`) };
        await create(resources);
        const { TemplateBody } = await cloudFormation.send(new GetTemplateCommand({ StackName }));
        expect(TemplateBody).toBe(text(resources));
        const { ResourceTypes } = await cloudFormation.send(new GetTemplateSummaryCommand({ StackName }));
        expect(ResourceTypes).toEqual(['AWS::SSM::Parameter']);
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
    {
      operation: 'ListImports',
      claim: 'names the stacks that import, without which the exporting stack can not go',
      source: guide('Get exported outputs from a deployed CloudFormation stack'),
      async run(target) {
        const [exporting, importing] = [await stacks(target), await stacks(target)];
        const ExportName = target.name();
        const Outputs = { Out: { Value: 'exported', Export: { Name: ExportName } } };
        await exporting.create({ One: parameter(`/${target.name()}`) }, { Outputs });
        const value = { 'Fn::ImportValue': ExportName };
        await importing.create({ One: parameter(`/${target.name()}`, value) });
        const { Imports } = await exporting.cloudFormation.send(new ListImportsCommand({ ExportName }));
        expect(Imports).toEqual([importing.StackName]);
      },
    },
    {
      operation: 'SetStackPolicy',
      beside: ['GetStackPolicy'],
      claim: 'forbids updates it denies',
      source: guide('Prevent updates to stack resources'),
      async run(target) {
        const { create, update, cloudFormation, StackName, value } = await stacks(target);
        const name = `/${target.name()}`;
        await create({ One: parameter(name) });
        const Statement = [{ Effect: 'Deny', Action: 'Update:*', Principal: '*', Resource: '*' }];
        const StackPolicyBody = JSON.stringify({ Statement });
        await cloudFormation.send(new SetStackPolicyCommand({ StackName, StackPolicyBody }));
        const { StackPolicyBody: kept } = await cloudFormation.send(new GetStackPolicyCommand({ StackName }));
        expect(JSON.parse(kept as string)).toEqual({ Statement });
        expect(await update({ One: parameter(name, 'b') })).toBe('UPDATE_ROLLBACK_COMPLETE');
        expect(await value(name)).toBe('a');
      },
    },
    {
      operation: 'DetectStackDrift',
      beside: ['DescribeStackDriftDetectionStatus', 'DescribeStackResourceDrifts', 'DetectStackResourceDrift'],
      claim: 'finds what was changed beside the stack',
      source: guide('Detect unmanaged configuration changes to stacks and resources with drift detection'),
      async run(target) {
        const { create, cloudFormation, StackName } = await stacks(target);
        const Name = `/${target.name()}`;
        await create({ One: parameter(Name) });
        const ssm = target.client(SSMClient);
        await ssm.send(new PutParameterCommand({ Name, Value: 'by hand', Type: 'String', Overwrite: true }));
        const { StackDriftDetectionId } = await cloudFormation.send(new DetectStackDriftCommand({ StackName }));
        await target.until(async () => {
          const status = await cloudFormation.send(
            new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId }),
          );
          expect(status).toMatchObject({ DetectionStatus: 'DETECTION_COMPLETE', StackDriftStatus: 'DRIFTED' });
        });
        const { StackResourceDrifts } = await cloudFormation.send(
          new DescribeStackResourceDriftsCommand({ StackName }),
        );
        expect(StackResourceDrifts?.map((drift) => drift.StackResourceDriftStatus)).toEqual(['MODIFIED']);
        const one = { StackName, LogicalResourceId: 'One' };
        const { StackResourceDrift } = await cloudFormation.send(new DetectStackResourceDriftCommand(one));
        expect(StackResourceDrift?.PropertyDifferences?.map(({ PropertyPath }) => PropertyPath)).toEqual(['/Value']);
      },
    },
    {
      operation: 'ContinueUpdateRollback',
      beside: ['RollbackStack'],
      claim: 'is refused, as RollbackStack is, by a stack that stands as it should',
      source: reference('ContinueUpdateRollback'),
      async run(target) {
        const { create, cloudFormation, StackName } = await stacks(target);
        await create({ One: parameter(`/${target.name()}`) });
        const calls = [
          () => cloudFormation.send(new ContinueUpdateRollbackCommand({ StackName })),
          () => cloudFormation.send(new RollbackStackCommand({ StackName })),
        ];
        for (const call of calls) expect((await refusal(call())).name).toBe('ValidationError');
      },
    },
    {
      operation: 'UpdateTerminationProtection',
      claim: 'does not know a stack that is not there',
      source: reference('UpdateTerminationProtection'),
      async run(target) {
        const { cloudFormation, StackName } = await stacks(target);
        const call = new UpdateTerminationProtectionCommand({ StackName, EnableTerminationProtection: true });
        expect((await refusal(cloudFormation.send(call))).name).toBe('ValidationError');
      },
    },
  ],
};
