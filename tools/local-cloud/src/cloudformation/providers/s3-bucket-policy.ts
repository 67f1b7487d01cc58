import type { GetBucketPolicyCommandOutput } from '@aws-sdk/client-s3';
import type { ResourceProvider } from '../provider.ts';
import { ifThere, policyText, unlessGone } from './calls.ts';

export const s3BucketPolicy: ResourceProvider = {
  type: 'AWS::S3::BucketPolicy',
  properties: ['Bucket', 'PolicyDocument'],
  async create(request) {
    const { Bucket, PolicyDocument } = request.properties;
    await request.call('s3', 'PutBucketPolicy', { Bucket, Policy: policyText(PolicyDocument) });
    return { physicalId: Bucket };
  },
  async update(request) {
    const { Bucket, PolicyDocument } = request.properties;
    await request.call('s3', 'PutBucketPolicy', { Bucket, Policy: policyText(PolicyDocument) });
    return { physicalId: Bucket };
  },
  async delete(request) {
    await unlessGone(['NoSuchBucket', 'NoSuchBucketPolicy'], () =>
      request.call('s3', 'DeleteBucketPolicy', { Bucket: request.physicalId }),
    );
  },
  async read({ physicalId: Bucket, call }) {
    const found = await ifThere(['NoSuchBucket', 'NoSuchBucketPolicy'], () =>
      call<GetBucketPolicyCommandOutput>('s3', 'GetBucketPolicy', { Bucket }),
    );
    return found && { physicalId: Bucket, properties: { Bucket, PolicyDocument: JSON.parse(found.Policy ?? '{}') } };
  },
};
