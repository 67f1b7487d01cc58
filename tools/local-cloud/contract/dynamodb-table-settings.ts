import {
  DeleteResourcePolicyCommand,
  DescribeContinuousBackupsCommand,
  DescribeEndpointsCommand,
  DescribeLimitsCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  GetResourcePolicyCommand,
  ListTagsOfResourceCommand,
  PutResourcePolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateContinuousBackupsCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { expect } from 'vitest';
import { type Claim, refusal } from './contract.ts';
import { newTable, reference } from './dynamodb-support.ts';

/** Claims about what else is set on a table, and about the quotas of the account. */
export const tableSettingClaims: readonly Claim[] = [
  {
    operation: 'TagResource',
    beside: ['ListTagsOfResource', 'UntagResource'],
    claim: 'puts tags on a table, which are listed and taken off again',
    source: reference('TagResource'),
    async run(target) {
      const { dynamodb, TableArn: ResourceArn } = await newTable(target, { Tags: [{ Key: 'team', Value: 'a' }] });
      await dynamodb.send(new TagResourceCommand({ ResourceArn, Tags: [{ Key: 'stage', Value: 'test' }] }));
      await dynamodb.send(new UntagResourceCommand({ ResourceArn, TagKeys: ['team'] }));
      await target.until(async () => {
        const { Tags } = await dynamodb.send(new ListTagsOfResourceCommand({ ResourceArn }));
        expect(Tags).toEqual([{ Key: 'stage', Value: 'test' }]);
      });
    },
  },
  {
    operation: 'UpdateTimeToLive',
    beside: ['DescribeTimeToLive'],
    claim: 'turns expiry by an attribute on, and refuses to turn it on twice',
    source: reference('UpdateTimeToLive'),
    async run(target) {
      const { dynamodb, TableName } = await newTable(target);
      const TimeToLiveSpecification = { AttributeName: 'expires', Enabled: true };
      const turnOn = () => dynamodb.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
      await turnOn();
      expect((await refusal(turnOn())).message).toBe('TimeToLive is already enabled');
      await target.until(async () => {
        const { TimeToLiveDescription } = await dynamodb.send(new DescribeTimeToLiveCommand({ TableName }));
        expect(TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expires' });
      });
    },
  },
  {
    operation: 'UpdateContinuousBackups',
    beside: ['DescribeContinuousBackups'],
    claim: 'turns point-in-time recovery on, for 35 days unless told otherwise',
    limit: '35 days of point-in-time recovery',
    source: reference('UpdateContinuousBackups'),
    async run(target) {
      const { dynamodb, TableName } = await newTable(target);
      const recovery = async () => {
        const answer = await dynamodb.send(new DescribeContinuousBackupsCommand({ TableName }));
        return answer.ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
      };
      expect((await recovery())?.PointInTimeRecoveryStatus).toBe('DISABLED');
      const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
      await dynamodb.send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification }));
      expect(await recovery()).toMatchObject({ PointInTimeRecoveryStatus: 'ENABLED', RecoveryPeriodInDays: 35 });
    },
  },
  {
    operation: 'PutResourcePolicy',
    beside: ['GetResourcePolicy', 'DeleteResourcePolicy'],
    claim: 'keeps a policy on the table until it is deleted',
    source: reference('PutResourcePolicy'),
    async run(target) {
      const { dynamodb, TableArn: ResourceArn } = await newTable(target);
      const Principal = { AWS: `arn:aws:iam::${target.account}:root` };
      const Statement = [{ Effect: 'Allow', Principal, Action: 'dynamodb:GetItem', Resource: ResourceArn }];
      const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
      await dynamodb.send(new PutResourcePolicyCommand({ ResourceArn, Policy }));
      const get = () => dynamodb.send(new GetResourcePolicyCommand({ ResourceArn }));
      const kept = await target.until(get);
      expect(JSON.parse(kept.Policy as string)).toEqual(JSON.parse(Policy));
      await dynamodb.send(new DeleteResourcePolicyCommand({ ResourceArn }));
      await target.until(async () => expect((await refusal(get())).name).toBe('PolicyNotFoundException'));
    },
  },
  {
    operation: 'DescribeLimits',
    beside: ['DescribeEndpoints'],
    claim: 'tells the quotas of the account',
    source: reference('DescribeLimits'),
    async run(target) {
      const dynamodb = target.client(DynamoDBClient);
      const limits = await dynamodb.send(new DescribeLimitsCommand({}));
      expect(limits.TableMaxWriteCapacityUnits).toBeGreaterThanOrEqual(40_000);
      expect((await dynamodb.send(new DescribeEndpointsCommand({}))).Endpoints).toHaveLength(1);
    },
  },
];
