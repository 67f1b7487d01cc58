import { DescribeImagesCommand, ECRClient } from '@aws-sdk/client-ecr';
import { GetPolicyCommand, GetPolicyVersionCommand, IAMClient } from '@aws-sdk/client-iam';
import { DescribeStreamSummaryCommand, KinesisClient } from '@aws-sdk/client-kinesis';
import { GetLayerVersionByArnCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { observabilityCore, parameterName } from '@stackyard/contracts';
import { ssmParameter } from '@stackyard/proof-kit';
import { describe, expect, test } from 'vitest';

const stage = process.env['STACKYARD_STAGE'] ?? 'dev';
type Name = keyof typeof observabilityCore.parameters;
const published = (name: Name) => ssmParameter(parameterName(observabilityCore, stage, name));

describe('given the deployed core, what its contract publishes is there and usable', () => {
  test('the stream takes records, encrypted', async () => {
    const StreamName = await published('streamName');
    const { StreamDescriptionSummary } = await new KinesisClient({}).send(
      new DescribeStreamSummaryCommand({ StreamName }),
    );
    expect(StreamDescriptionSummary).toMatchObject({
      StreamStatus: 'ACTIVE',
      StreamARN: await published('streamArn'),
      EncryptionType: 'KMS',
    });
  });

  test('the layer version can be attached by Node 24 functions of both architectures', async () => {
    const layer = await new LambdaClient({}).send(
      new GetLayerVersionByArnCommand({ Arn: await published('layerArn') }),
    );
    expect(layer.CompatibleRuntimes).toEqual(['nodejs24.x']);
    expect(layer.CompatibleArchitectures?.sort()).toEqual(['arm64', 'x86_64']);
  });

  test('the policy allows writing to that stream and nothing else', async () => {
    const iam = new IAMClient({});
    const PolicyArn = await published('writePolicyArn');
    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
    const VersionId = Policy?.DefaultVersionId;
    const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
    const { Statement } = JSON.parse(decodeURIComponent(PolicyVersion?.Document ?? ''));
    expect([Statement].flat()).toEqual([
      {
        Effect: 'Allow',
        Action: ['kinesis:PutRecord', 'kinesis:PutRecords'],
        Resource: await published('streamArn'),
      },
    ]);
  });

  test('the base image is in its own repository under an immutable tag', async () => {
    const [, repositoryName = '', imageTag = ''] =
      /\.amazonaws\.com\/([^:]+):(.+)$/.exec(await published('imageUri')) ?? [];
    expect(repositoryName).toBe(`${stage}-observability-core/telemetry`);
    const { imageDetails } = await new ECRClient({}).send(
      new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag }] }),
    );
    expect(imageDetails?.[0]?.imageTags).toContain(imageTag);
  });
});
