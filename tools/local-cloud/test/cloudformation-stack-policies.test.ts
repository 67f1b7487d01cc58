import { GetStackPolicyCommand, SetStackPolicyCommand } from '@aws-sdk/client-cloudformation';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readStackPolicy } from '../src/cloudformation/stack-policy.ts';
import { parameter, type StackCloud, startStackCloud, template } from './cloudformation-support.ts';

let cloud: StackCloud;
let name: string;
let count = 0;

const statement = (Effect: string, Action: string, Resource: string, more: object = {}) => ({
  Effect,
  Action,
  Principal: '*',
  Resource,
  ...more,
});
const policy = (...Statement: object[]) => JSON.stringify({ Statement });
const allowAll = statement('Allow', 'Update:*', '*');

const first = () => template({ Kept: parameter(`/${name}/kept`, 'one'), Free: parameter(`/${name}/free`, 'one') });
const second = () => template({ Kept: parameter(`/${name}/kept`, 'two'), Free: parameter(`/${name}/free`, 'two') });

beforeAll(async () => {
  cloud = await startStackCloud();
});
afterAll(() => cloud.close());
beforeEach(() => {
  count += 1;
  name = `policy-${count}`;
});

const value = async (id: string) =>
  (await cloud.client(SSMClient).send(new GetParameterCommand({ Name: `/${name}/${id}` }))).Parameter?.Value;

describe('a stack policy', () => {
  it('protects a resource from being changed; the update is rolled back', async () => {
    const StackPolicyBody = policy(allowAll, statement('Deny', 'Update:*', 'LogicalResourceId/Kept'));
    await cloud.create(name, first(), { StackPolicyBody });
    expect(await cloud.cloudFormation.send(new GetStackPolicyCommand({ StackName: name }))).toMatchObject({
      StackPolicyBody,
    });
    expect((await cloud.update(name, second()))?.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await cloud.events(name)).toContain(
      'Kept UPDATE_FAILED Action denied by stack policy: Statement [#2] does not allow [Update:*] for resource [LogicalResourceId/Kept]',
    );
    expect([await value('kept'), await value('free')]).toEqual(['one', 'one']);
  });

  it('protects everything it does not allow', async () => {
    await cloud.create(name, first());
    const StackPolicyBody = policy(statement('Allow', 'Update:*', 'LogicalResourceId/Free'));
    await cloud.cloudFormation.send(new SetStackPolicyCommand({ StackName: name, StackPolicyBody }));
    const freeOnly = template({ Kept: parameter(`/${name}/kept`, 'one'), Free: parameter(`/${name}/free`, 'two') });
    expect((await cloud.update(name, freeOnly))?.StackStatus).toBe('UPDATE_COMPLETE');
    expect((await cloud.update(name, second()))?.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect((await cloud.events(name)).join('\n')).toContain(
      'no statement allows [Update:Modify] for resource [LogicalResourceId/Kept]',
    );
  });

  it('tells replacement and removal from change', async () => {
    const StackPolicyBody = policy(allowAll, statement('Deny', 'Update:Replace', '*'), {
      ...statement('Deny', 'Update:Delete', '*'),
      Condition: { StringLike: { ResourceType: ['AWS::SSM::*'] } },
    });
    await cloud.create(name, first(), { StackPolicyBody });
    expect((await cloud.update(name, second()))?.StackStatus).toBe('UPDATE_COMPLETE');
    const renamed = template({ Kept: parameter(`/${name}/other`), Free: parameter(`/${name}/free`, 'two') });
    expect((await cloud.update(name, renamed))?.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    const without = template({ Kept: parameter(`/${name}/kept`, 'two') });
    expect((await cloud.update(name, without))?.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await value('free')).toBe('two');
  });

  it('can be set aside for one update', async () => {
    await cloud.create(name, first(), { StackPolicyBody: policy(statement('Deny', 'Update:*', '*')) });
    const StackPolicyDuringUpdateBody = policy(allowAll);
    const updated = await cloud.update(name, second(), { StackPolicyDuringUpdateBody });
    expect(updated?.StackStatus).toBe('UPDATE_COMPLETE');
    expect((await cloud.update(name, first()))?.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  });

  it('that is none is refused before anything changes', async () => {
    await expect(cloud.create(name, first(), { StackPolicyBody: '{}' })).rejects.toThrow(
      'Error validating stack policy: Invalid stack policy (it has no Statement)',
    );
    await expect(cloud.describe(name)).rejects.toThrow('does not exist');
  });
});

it.each([
  ['not JSON', 'it is not JSON'],
  [policy({ ...allowAll, Effect: 'Maybe' }), 'Effect must be Allow or Deny'],
  [policy({ ...allowAll, Principal: 'arn:aws:iam::000000000000:root' }), 'Principal must be "*"'],
  [policy({ ...allowAll, Action: 's3:GetObject' }), 's3:GetObject is none of'],
  [policy({ ...allowAll, Condition: { StringEquals: { 'aws:username': 'x' } } }), 'only ask for ResourceType'],
])('%s is no stack policy', (text, reason) => {
  expect(() => readStackPolicy(text)).toThrow(reason);
});
