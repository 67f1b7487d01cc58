import {
  ContinueUpdateRollbackCommand,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  GetStackPolicyCommand,
  RollbackStackCommand,
  SetStackPolicyCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import { guide, parameter, reference, stacks } from './cloudformation-support.ts';
import { type Claim, refusal } from './contract.ts';

/** SSM lets nobody create this. */
const impossible = parameter('/aws/reserved');

/** Claims about creating, updating and deleting stacks. */
export const stackClaims: readonly Claim[] = [
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
];
