import type {
  GetBucketOwnershipControlsCommandOutput,
  GetBucketTaggingCommandOutput,
  GetBucketVersioningCommandOutput,
  GetPublicAccessBlockCommandOutput,
} from '@aws-sdk/client-s3';
import { physicalName } from '../physical-name.ts';
import type { Properties, ResourceProvider, ResourceRequest, ResourceResult } from '../provider.ts';
import { ifThere, unlessGone } from './calls.ts';
import { lifecycleRule } from './s3-lifecycle.ts';

export const s3Bucket: ResourceProvider = {
  type: 'AWS::S3::Bucket',
  properties: [
    'AccessControl',
    'BucketEncryption',
    'BucketName',
    'LifecycleConfiguration',
    'OwnershipControls',
    'PublicAccessBlockConfiguration',
    'Tags',
    'VersioningConfiguration',
  ],
  async create(request) {
    const Bucket = request.properties['BucketName'] ?? physicalName(request, { longest: 63, letters: 'lower' });
    const { region } = request;
    // "CreateBucket", Amazon S3 API Reference: us-east-1 is the region without a location constraint.
    const location = region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint: region } };
    await request.call('s3', 'CreateBucket', { Bucket, ...location });
    request.created(Bucket);
    await configure(request, Bucket, {});
    return resultOf(Bucket, region);
  },
  async update(request) {
    await configure(request, request.physicalId, request.previous);
    return resultOf(request.physicalId, request.region);
  },
  async delete(request) {
    await unlessGone(['NoSuchBucket'], () => request.call('s3', 'DeleteBucket', { Bucket: request.physicalId }));
  },
  async read({ physicalId: Bucket, region, call }) {
    const get = <Output>(operation: string, ...codes: string[]) =>
      ifThere(codes, () => call<Output>('s3', operation, { Bucket }));
    if (!(await get('HeadBucket', 'NotFound', 'NoSuchBucket'))) return undefined;
    const access = await get<GetPublicAccessBlockCommandOutput>(
      'GetPublicAccessBlock',
      'NoSuchPublicAccessBlockConfiguration',
    );
    const ownership = await get<GetBucketOwnershipControlsCommandOutput>(
      'GetBucketOwnershipControls',
      'OwnershipControlsNotFoundError',
    );
    const tagging = await get<GetBucketTaggingCommandOutput>('GetBucketTagging', 'NoSuchTagSet');
    const { Status } = await call<GetBucketVersioningCommandOutput>('s3', 'GetBucketVersioning', { Bucket });
    const properties = {
      BucketName: Bucket,
      PublicAccessBlockConfiguration: access?.PublicAccessBlockConfiguration,
      OwnershipControls: ownership?.OwnershipControls,
      Tags: tagging?.TagSet,
      VersioningConfiguration: Status && { Status },
    };
    return { ...resultOf(Bucket, region), properties };
  },
};

async function configure(request: ResourceRequest, Bucket: string, previous: Properties): Promise<void> {
  const { properties } = request;
  if (![undefined, 'Private'].includes(properties['AccessControl'])) {
    throw new Error(`The embedded cloud has no ACLs: AccessControl ${properties['AccessControl']} must be Private.`);
  }
  const { BucketEncryption, OwnershipControls, PublicAccessBlockConfiguration } = properties;
  const { LifecycleConfiguration, VersioningConfiguration, Tags } = properties;
  const settings: readonly Setting[] = [
    ['Tags', Tags && { Tagging: { TagSet: Tags } }, 'PutBucketTagging', 'DeleteBucketTagging'],
    [
      'BucketEncryption',
      BucketEncryption && { ServerSideEncryptionConfiguration: { Rules: encryptionRules(BucketEncryption) } },
      'PutBucketEncryption',
      'DeleteBucketEncryption',
    ],
    [
      'OwnershipControls',
      OwnershipControls && { OwnershipControls },
      'PutBucketOwnershipControls',
      'DeleteBucketOwnershipControls',
    ],
    [
      'PublicAccessBlockConfiguration',
      PublicAccessBlockConfiguration && { PublicAccessBlockConfiguration },
      'PutPublicAccessBlock',
      'DeletePublicAccessBlock',
    ],
    [
      'LifecycleConfiguration',
      LifecycleConfiguration && { LifecycleConfiguration: { Rules: LifecycleConfiguration.Rules.map(lifecycleRule) } },
      'PutBucketLifecycleConfiguration',
      'DeleteBucketLifecycle',
    ],
  ];
  for (const [property, input, put, remove] of settings) {
    if (input) await request.call('s3', put, { Bucket, ...input });
    else if (previous[property]) await request.call('s3', remove, { Bucket });
  }
  if (VersioningConfiguration) {
    await request.call('s3', 'PutBucketVersioning', { Bucket, VersioningConfiguration });
  } else if (previous['VersioningConfiguration']) {
    // A bucket that was versioned can only be suspended.
    await request.call('s3', 'PutBucketVersioning', { Bucket, VersioningConfiguration: { Status: 'Suspended' } });
  }
}

type Setting = readonly [property: string, input: object | undefined, put: string, remove: string];

function encryptionRules(encryption: Properties): object[] {
  const rules: Properties[] = encryption['ServerSideEncryptionConfiguration'];
  return rules.map(({ ServerSideEncryptionByDefault, ...rule }) => ({
    ...rule,
    ApplyServerSideEncryptionByDefault: ServerSideEncryptionByDefault,
  }));
}

function resultOf(bucket: string, region: string): ResourceResult {
  return {
    physicalId: bucket,
    attributes: {
      Arn: `arn:aws:s3:::${bucket}`,
      DomainName: `${bucket}.s3.amazonaws.com`,
      DualStackDomainName: `${bucket}.s3.dualstack.${region}.amazonaws.com`,
      RegionalDomainName: `${bucket}.s3.${region}.amazonaws.com`,
      WebsiteURL: `http://${bucket}.s3-website-${region}.amazonaws.com`,
    },
  };
}
