import {
  AddTagsToResourceCommand,
  DeleteParameterCommand,
  DeleteParametersCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  LabelParameterVersionCommand,
  ListTagsForResourceCommand,
  PutParameterCommand,
  type PutParameterCommandInput,
  RemoveTagsFromResourceCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { expect } from 'vitest';
import { ssm as service } from '../src/services/ssm/service.ts';
import { type Contract, refusal, type Target } from './contract.ts';

const reference = (operation: string) => `Systems Manager API Reference, ${operation}`;
const tiers = 'Systems Manager User Guide, Managing parameter tiers';

function parameters(target: Target) {
  const ssm = target.client(SSMClient);
  const Name = `/${target.name()}`;
  const created = new Set<string>();
  target.afterwards(async () => created.size > 0 && ssm.send(new DeleteParametersCommand({ Names: [...created] })));
  return {
    ssm,
    Name,
    put(more: Partial<PutParameterCommandInput> = {}) {
      const input: PutParameterCommandInput = { Name, Value: 'a', Type: 'String', ...more };
      created.add(input.Name as string);
      return ssm.send(new PutParameterCommand(input));
    },
  };
}

export const ssm: Contract = {
  service,
  claims: [
    {
      operation: 'PutParameter',
      claim: 'refuses a name that is taken, unless it is to be overwritten, and counts versions',
      source: reference('PutParameter'),
      async run(target) {
        const { put } = parameters(target);
        expect(await put()).toMatchObject({ Version: 1, Tier: 'Standard' });
        expect((await refusal(put())).name).toBe('ParameterAlreadyExists');
        expect((await put({ Overwrite: true, Value: 'b' })).Version).toBe(2);
      },
    },
    {
      operation: 'PutParameter',
      claim: 'takes 4,096 characters in the standard tier and refuses one more',
      limit: '4 KB a standard parameter',
      source: tiers,
      async run(target) {
        const { put } = parameters(target);
        await put({ Value: 'x'.repeat(4096) });
        expect((await refusal(put({ Overwrite: true, Value: 'x'.repeat(4097) }))).name).toBe('ValidationException');
      },
    },
    {
      operation: 'PutParameter',
      claim: 'refuses a path of more than fifteen levels',
      limit: '15 levels',
      source: reference('PutParameter'),
      async run(target) {
        const { put, Name } = parameters(target);
        await put({ Name: Name + '/l'.repeat(14) });
        const ssm = target.client(SSMClient);
        const deep = new PutParameterCommand({ Name: Name + '/l'.repeat(15), Value: 'a', Type: 'String' });
        expect((await refusal(ssm.send(deep))).name).toBe('HierarchyLevelLimitExceededException');
      },
    },
    {
      operation: 'PutParameter',
      claim: 'refuses a value its pattern does not allow',
      source: reference('PutParameter'),
      async run(target) {
        const { ssm, Name } = parameters(target);
        const call = new PutParameterCommand({ Name, Value: 'a', Type: 'String', AllowedPattern: '^\\d+$' });
        expect((await refusal(ssm.send(call))).name).toBe('ParameterPatternMismatchException');
      },
    },
    {
      operation: 'GetParameter',
      claim: 'gives the newest value, or that of a version or label',
      source: reference('GetParameter'),
      async run(target) {
        const { ssm, Name, put } = parameters(target);
        await put();
        await put({ Value: 'b', Overwrite: true });
        await ssm.send(new LabelParameterVersionCommand({ Name, ParameterVersion: 1, Labels: ['first'] }));
        const value = async (selector: string) =>
          (await ssm.send(new GetParameterCommand({ Name: Name + selector }))).Parameter?.Value;
        expect([await value(''), await value(':1'), await value(':first')]).toEqual(['b', 'a', 'a']);
      },
    },
    {
      operation: 'GetParameter',
      claim: 'gives secrets only with decryption',
      source: reference('GetParameter'),
      async run(target) {
        const { ssm, Name, put } = parameters(target);
        await put({ Type: 'SecureString', Value: 'open sesame' });
        const value = async (WithDecryption: boolean) =>
          (await ssm.send(new GetParameterCommand({ Name, WithDecryption }))).Parameter?.Value;
        expect(await value(false)).not.toContain('open sesame');
        expect(await value(true)).toBe('open sesame');
      },
    },
    {
      operation: 'GetParameter',
      claim: 'does not know what is not there',
      source: reference('GetParameter'),
      async run(target) {
        const call = new GetParameterCommand({ Name: `/${target.name()}` });
        expect((await refusal(target.client(SSMClient).send(call))).name).toBe('ParameterNotFound');
      },
    },
    {
      operation: 'GetParameters',
      claim: 'names what it does not know beside what it does',
      source: reference('GetParameters'),
      async run(target) {
        const { ssm, Name, put } = parameters(target);
        await put();
        const { Parameters, InvalidParameters } = await ssm.send(
          new GetParametersCommand({ Names: [Name, `${Name}-not`] }),
        );
        expect(Parameters?.map((one) => one.Value)).toEqual(['a']);
        expect(InvalidParameters).toEqual([`${Name}-not`]);
      },
    },
    {
      operation: 'GetParameters',
      claim: 'refuses more than ten names',
      limit: '10 names a call',
      source: reference('GetParameters'),
      async run(target) {
        const Names = Array.from({ length: 11 }, (_, i) => `/${target.name()}/${i}`);
        const call = new GetParametersCommand({ Names });
        expect((await refusal(target.client(SSMClient).send(call))).name).toBe('ValidationException');
      },
    },
    {
      operation: 'GetParametersByPath',
      claim: 'gives one level, or all below with Recursive',
      source: reference('GetParametersByPath'),
      async run(target) {
        const { ssm, Name, put } = parameters(target);
        await put({ Name: `${Name}/a` });
        await put({ Name: `${Name}/b/c` });
        const below = async (Recursive: boolean) => {
          const { Parameters } = await ssm.send(new GetParametersByPathCommand({ Path: Name, Recursive }));
          return Parameters?.map((one) => one.Name).sort();
        };
        await target.until(async () => {
          expect(await below(false)).toEqual([`${Name}/a`]);
          expect(await below(true)).toEqual([`${Name}/a`, `${Name}/b/c`]);
        });
      },
    },
    {
      operation: 'GetParameterHistory',
      claim: 'keeps every version with its value',
      source: reference('GetParameterHistory'),
      async run(target) {
        const { ssm, Name, put } = parameters(target);
        await put();
        await put({ Value: 'b', Overwrite: true });
        const { Parameters } = await ssm.send(new GetParameterHistoryCommand({ Name }));
        expect(Parameters?.map((one) => [one.Version, one.Value])).toEqual([
          [1, 'a'],
          [2, 'b'],
        ]);
      },
    },
    {
      operation: 'AddTagsToResource',
      claim: 'replaces the value of a tag that is there',
      source: reference('AddTagsToResource'),
      async run(target) {
        const { ssm, Name, put } = parameters(target);
        await put({ Tags: [{ Key: 'team', Value: 'a' }] });
        const resource = { ResourceType: 'Parameter', ResourceId: Name } as const;
        await ssm.send(new AddTagsToResourceCommand({ ...resource, Tags: [{ Key: 'team', Value: 'b' }] }));
        const { TagList } = await ssm.send(new ListTagsForResourceCommand(resource));
        expect(TagList).toEqual([{ Key: 'team', Value: 'b' }]);
      },
    },
    {
      operation: 'DeleteParameter',
      claim: 'does not know what is not there',
      source: reference('DeleteParameter'),
      async run(target) {
        const call = new DeleteParameterCommand({ Name: `/${target.name()}` });
        expect((await refusal(target.client(SSMClient).send(call))).name).toBe('ParameterNotFound');
      },
    },
    {
      operation: 'DescribeParameters',
      claim: 'finds parameters by the beginning of their names and tells no values',
      source: reference('DescribeParameters'),
      async run(target) {
        const { ssm, Name, put } = parameters(target);
        await put({ Description: 'mine' });
        const ParameterFilters = [{ Key: 'Name', Option: 'BeginsWith', Values: [Name] }];
        await target.until(async () => {
          const { Parameters } = await ssm.send(new DescribeParametersCommand({ ParameterFilters }));
          expect(Parameters).toMatchObject([{ Name, Type: 'String', Description: 'mine', Version: 1 }]);
          expect(Parameters?.[0]).not.toHaveProperty('Value');
        });
      },
    },
    {
      operation: 'DeleteParameters',
      claim: 'names what was there and what was not',
      source: reference('DeleteParameters'),
      async run(target) {
        const { ssm, Name, put } = parameters(target);
        await put();
        const answer = await ssm.send(new DeleteParametersCommand({ Names: [Name, `${Name}-not`] }));
        expect(answer).toMatchObject({ DeletedParameters: [Name], InvalidParameters: [`${Name}-not`] });
      },
    },
    {
      operation: 'LabelParameterVersion',
      claim: 'moves a label that another version has, and names those that are none',
      source: reference('LabelParameterVersion'),
      async run(target) {
        const { ssm, Name, put } = parameters(target);
        await put();
        await put({ Value: 'b', Overwrite: true });
        const label = (ParameterVersion: number, ...Labels: string[]) =>
          ssm.send(new LabelParameterVersionCommand({ Name, ParameterVersion, Labels }));
        await label(1, 'live');
        expect((await label(2, 'live', 'aws-live')).InvalidLabels).toEqual(['aws-live']);
        const { Parameter } = await ssm.send(new GetParameterCommand({ Name: `${Name}:live` }));
        expect(Parameter?.Version).toBe(2);
      },
    },
    {
      operation: 'RemoveTagsFromResource',
      beside: ['ListTagsForResource'],
      claim: 'takes away the tags it names, and says nothing of those that are not there',
      source: reference('RemoveTagsFromResource'),
      async run(target) {
        const { ssm, Name, put } = parameters(target);
        await put({
          Tags: [
            { Key: 'team', Value: 'a' },
            { Key: 'stage', Value: 'b' },
          ],
        });
        const resource = { ResourceType: 'Parameter', ResourceId: Name } as const;
        await ssm.send(new RemoveTagsFromResourceCommand({ ...resource, TagKeys: ['team', 'none'] }));
        const { TagList } = await ssm.send(new ListTagsForResourceCommand(resource));
        expect(TagList).toEqual([{ Key: 'stage', Value: 'b' }]);
      },
    },
  ],
};
