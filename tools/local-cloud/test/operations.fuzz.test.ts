import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, CreateLogGroupCommand, CreateLogStreamCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateRepositoryCommand, ECRClient } from '@aws-sdk/client-ecr';
import { CreateRoleCommand, CreateUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateStreamCommand, KinesisClient } from '@aws-sdk/client-kinesis';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { NormalizedSchema } from '@smithy/core/schema';
import fc from 'fast-check';
import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { modelOf } from '../src/protocols/model.ts';
import { operationsOf } from '../src/service.ts';
import { services } from '../src/services/index.ts';
import { startTestCloud } from '../src/testing.ts';

let cloud: Awaited<ReturnType<typeof startTestCloud>>;
beforeAll(async () => {
  cloud = await startTestCloud();
  await furnish();
});
afterAll(() => cloud.close());

const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com', AWS: '*' }, Action: 'sts:AssumeRole' }],
});

/** One thing called `orders` of every kind, so that operations find what they look for. */
async function furnish() {
  const { client } = cloud;
  const name = 'orders';
  await client(IAMClient).send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: trust }));
  await client(IAMClient).send(new CreateUserCommand({ UserName: name }));
  await client(KinesisClient).send(new CreateStreamCommand({ StreamName: name, ShardCount: 2 }));
  await client(DynamoDBClient).send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: name, AttributeType: 'S' }],
      KeySchema: [{ AttributeName: name, KeyType: 'HASH' }],
    }),
  );
  await cloud.cloud.clock.advance(10_000);
  await client(S3Client).send(new CreateBucketCommand({ Bucket: name }));
  await client(S3Client).send(new PutObjectCommand({ Bucket: name, Key: name, Body: name }));
  await client(CloudWatchLogsClient).send(new CreateLogGroupCommand({ logGroupName: name }));
  await client(CloudWatchLogsClient).send(new CreateLogStreamCommand({ logGroupName: name, logStreamName: name }));
  await client(SSMClient).send(new PutParameterCommand({ Name: name, Value: name, Type: 'String' }));
  await client(SNSClient).send(new CreateTopicCommand({ Name: name }));
  await client(ECRClient).send(new CreateRepositoryCommand({ repositoryName: name }));
  await client(CloudFormationClient).send(
    new CreateStackCommand({ StackName: name, TemplateBody: '{"Resources":{"A":{"Type":"AWS::CDK::Metadata"}}}' }),
  );
  await client(LambdaClient).send(
    new CreateFunctionCommand({
      FunctionName: name,
      Role: 'arn:aws:iam::000000000000:role/orders',
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { ZipFile: zipSync({ 'index.mjs': strToU8('export const handler = async (event) => event;') }) },
    }),
  );
}

/** Things that stand in members of type string, and things that should not. */
const text = fc.oneof(
  // Names of what is there, most often: what is not there is refused early.
  { weight: 4, arbitrary: fc.constant('orders') },
  fc.constantFrom(
    'orders',
    'a',
    '',
    '*',
    '{}',
    '[]',
    'null',
    '$LATEST',
    'arn:aws:iam::000000000000:role/orders',
    '/a/b',
  ),
  fc.constantFrom(
    'arn:aws:kinesis:us-east-1:000000000000:stream/orders',
    'arn:aws:lambda:us-east-1:000000000000:function:orders',
    'arn:aws:sns:us-east-1:000000000000:orders',
  ),
  fc.constantFrom(
    '{"Version":"2012-10-17","Statement":[]}',
    '{"Resources":{"A":{"Type":"AWS::SNS::Topic"}}}',
    '{"Statement":7}',
  ),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({ minLength: 250, maxLength: 300 }),
);
const number = fc.oneof(fc.constantFrom(-1, 0, 1, 2, 1000, 2 ** 31 - 1), fc.integer());

/** Anything of the shape that the service's model gives an operation's input. */
function inputOf(schema: NormalizedSchema, depth = 0): fc.Arbitrary<unknown> {
  if (schema.isStructSchema()) {
    const members: Record<string, fc.Arbitrary<unknown>> = {};
    for (const [name, member] of depth < 4 ? schema.structIterator() : []) {
      // That one is HTTP's: a client that announces more than it sends waits, and so does every server.
      if (name !== 'ContentLength') members[name] = inputOf(member, depth + 1);
    }
    return fc.record(members, { requiredKeys: [] });
  }
  if (schema.isListSchema()) return fc.array(inputOf(schema.getValueSchema(), depth + 1), { maxLength: 3 });
  if (schema.isMapSchema()) return fc.dictionary(text, inputOf(schema.getValueSchema(), depth + 1), { maxKeys: 3 });
  if (schema.isBlobSchema()) return fc.uint8Array({ maxLength: 20 });
  if (schema.isBooleanSchema()) return fc.boolean();
  if (schema.isTimestampSchema()) return fc.date({ noInvalidDate: true });
  if (schema.isNumericSchema()) return number;
  return text;
}

type Command = new (input: unknown) => never;
type Client = new (
  config: unknown,
) => { send(command: never): Promise<{ Body?: { transformToByteArray?(): Promise<unknown> } }> };

describe.each(services)('$name', (service) => {
  test('answers whatever has the shape of an input, and never fails inside', async () => {
    const module = (await service.model()) as Record<string, unknown>;
    const clientName = Object.keys(module).find(
      (name) => /^[A-Z]\w*Client$/.test(name) && !name.startsWith('__'),
    ) as string;
    const client = cloud.client(module[clientName] as Client, { maxAttempts: 1 });
    const { operations } = await modelOf(service);
    for (const name of Object.keys(await operationsOf(service))) {
      const { input } = operations.get(name) as { input: NormalizedSchema };
      const Send = module[`${name}Command`] as Command;
      await fc.assert(
        fc.asyncProperty(inputOf(input), async (given) => {
          const error = await client.send(new Send(given)).then(
            // An answer that isn't read to its end keeps its connection.
            async ({ Body }) => void (await Body?.transformToByteArray?.()),
            (thrown: Error & { $metadata?: { httpStatusCode?: number } }) => thrown,
          );
          // 501 names what the cloud lacks; without a status the SDK itself refused the input.
          const inside = error?.$metadata?.httpStatusCode === 500 || error?.name === 'InternalFailure';
          expect(inside ? `${name}: ${error?.message} ${cloud.lines.at(-1)}` : '').toBe('');
        }),
        { numRuns: 10 },
      );
    }
  }, 120_000);
});
