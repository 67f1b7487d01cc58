import {
  ListRuleNamesByTargetCommand,
  ListTargetsByRuleCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { expect } from 'vitest';
import { type Claim, refusal } from './contract.ts';
import { reference, rule } from './events-support.ts';

const quotas = 'EventBridge User Guide, Amazon EventBridge quotas';
const transformation = 'EventBridge User Guide, Amazon EventBridge input transformation';

/** Claims about the targets of rules. */
export const targetClaims: readonly Claim[] = [
  {
    operation: 'PutTargets',
    beside: ['ListTargetsByRule', 'RemoveTargets'],
    claim: 'keeps targets until they are removed; putting an id again replaces its target',
    source: reference('PutTargets'),
    async run(target) {
      const { events, reference, Arn, put } = await rule(target);
      const ref = { Rule: reference.Name, EventBusName: reference.EventBusName };
      const listed = async () => (await events.send(new ListTargetsByRuleCommand(ref))).Targets;
      await put({ Input: '1' });
      expect(await put({ Input: '2' })).toMatchObject({ FailedEntryCount: 0, FailedEntries: [] });
      expect(await listed()).toEqual([{ Id: 'target-0', Arn, Input: '2' }]);
      await events.send(new RemoveTargetsCommand({ ...ref, Ids: ['target-0'] }));
      expect(await listed()).toEqual([]);
    },
  },
  {
    operation: 'PutTargets',
    claim: 'refuses a sixth target',
    limit: '5 targets a rule',
    source: quotas,
    async run(target) {
      const { put } = await rule(target);
      const error = await refusal(put({}, {}, {}, {}, {}, {}));
      expect(error).toEqual({
        name: 'LimitExceededException',
        message: 'The requested resource exceeds the maximum number allowed.',
      });
    },
  },
  {
    operation: 'PutTargets',
    claim: 'refuses a FIFO queue without a message group',
    source: reference('PutTargets'),
    async run(target) {
      const { put, Arn } = await rule(target);
      expect((await refusal(put({ Arn: `${Arn}.fifo` }))).message).toBe(
        'Parameter(s) MessageGroupId must be specified for target: target-0.',
      );
    },
  },
  {
    operation: 'PutTargets',
    claim: 'refuses two ways to make the input',
    source: reference('PutTargets'),
    async run(target) {
      const { put } = await rule(target);
      expect((await refusal(put({ Input: '{}', InputPath: '$.detail' }))).message).toBe(
        'Only one of Input, InputPath, or InputTransformer must be provided for target target-0.',
      );
    },
  },
  {
    operation: 'PutTargets',
    claim: 'refuses a template with a variable that is not defined',
    source: transformation,
    async run(target) {
      const { put } = await rule(target);
      const InputTransformer = { InputPathsMap: { id: '$.id' }, InputTemplate: '"order <other>"' };
      expect((await refusal(put({ InputTransformer }))).message).toBe(
        'InputTemplate for target target-0 contains invalid placeholder other.',
      );
    },
  },
  {
    operation: 'PutTargets',
    claim: 'refuses a template of text without quotation marks',
    source: transformation,
    async run(target) {
      const { put } = await rule(target);
      const InputTransformer = { InputPathsMap: { id: '$.id' }, InputTemplate: 'order <id>' };
      expect((await refusal(put({ InputTransformer }))).name).toBe('ValidationException');
    },
  },
  {
    operation: 'PutTargets',
    claim: 'refuses a retry policy of more than 185 attempts or 24 hours',
    limit: '185 retries, 24 hours',
    source: reference('RetryPolicy'),
    async run(target) {
      const { put } = await rule(target);
      const attempts = put({ RetryPolicy: { MaximumRetryAttempts: 186 } });
      expect((await refusal(attempts)).name).toBe('ValidationException');
      const age = put({ RetryPolicy: { MaximumEventAgeInSeconds: 86_401 } });
      expect((await refusal(age)).name).toBe('ValidationException');
    },
  },
  {
    operation: 'ListRuleNamesByTarget',
    claim: 'finds the rules of a target',
    source: reference('ListRuleNamesByTarget'),
    async run(target) {
      const { events, reference, Arn, put } = await rule(target);
      await put({});
      const { EventBusName } = reference;
      const { RuleNames } = await events.send(new ListRuleNamesByTargetCommand({ TargetArn: Arn, EventBusName }));
      expect(RuleNames).toEqual([reference.Name]);
    },
  },
];
