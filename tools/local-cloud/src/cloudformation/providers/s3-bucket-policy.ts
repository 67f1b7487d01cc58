import type { ResourceProvider } from '../provider.ts';
import { policyText, unlessGone } from './calls.ts';

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
};
