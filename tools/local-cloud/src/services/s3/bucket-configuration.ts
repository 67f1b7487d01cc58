import type {
  DeleteBucketEncryptionCommandInput,
  DeleteBucketEncryptionCommandOutput,
  DeleteBucketLifecycleCommandInput,
  DeleteBucketLifecycleCommandOutput,
  DeleteBucketOwnershipControlsCommandInput,
  DeleteBucketOwnershipControlsCommandOutput,
  DeleteBucketTaggingCommandInput,
  DeleteBucketTaggingCommandOutput,
  DeletePublicAccessBlockCommandInput,
  DeletePublicAccessBlockCommandOutput,
  GetBucketEncryptionCommandInput,
  GetBucketEncryptionCommandOutput,
  GetBucketLifecycleConfigurationCommandInput,
  GetBucketLifecycleConfigurationCommandOutput,
  GetBucketOwnershipControlsCommandInput,
  GetBucketOwnershipControlsCommandOutput,
  GetBucketTaggingCommandInput,
  GetBucketTaggingCommandOutput,
  GetBucketVersioningCommandInput,
  GetBucketVersioningCommandOutput,
  GetPublicAccessBlockCommandInput,
  GetPublicAccessBlockCommandOutput,
  LifecycleRule,
  PutBucketEncryptionCommandInput,
  PutBucketEncryptionCommandOutput,
  PutBucketLifecycleConfigurationCommandInput,
  PutBucketLifecycleConfigurationCommandOutput,
  PutBucketOwnershipControlsCommandInput,
  PutBucketOwnershipControlsCommandOutput,
  PutBucketTaggingCommandInput,
  PutBucketTaggingCommandOutput,
  PutBucketVersioningCommandInput,
  PutBucketVersioningCommandOutput,
  PutPublicAccessBlockCommandInput,
  PutPublicAccessBlockCommandOutput,
} from '@aws-sdk/client-s3';
import { operation } from '../../service.ts';
import { onBucket } from './demands.ts';
import { checkKmsKey } from './encryption.ts';
import { s3Error, unsupported } from './errors.ts';
import { bucketOf } from './state.ts';
import { checkTags } from './tags.ts';

const putBucketEncryption = operation<PutBucketEncryptionCommandInput, PutBucketEncryptionCommandOutput>({
  demands: onBucket('PutEncryptionConfiguration'),
  run(input, call) {
    const bucket = bucketOf(input, call);
    const rules = input.ServerSideEncryptionConfiguration?.Rules ?? [];
    if (rules.length !== 1) throw s3Error('MalformedXML');
    for (const rule of rules) checkKmsKey(rule.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID);
    bucket.encryption = rules;
    return {};
  },
});

const getBucketEncryption = operation<GetBucketEncryptionCommandInput, GetBucketEncryptionCommandOutput>({
  demands: onBucket('GetEncryptionConfiguration'),
  run: (input, call) => ({ ServerSideEncryptionConfiguration: { Rules: [...bucketOf(input, call).encryption] } }),
});

const deleteBucketEncryption = operation<DeleteBucketEncryptionCommandInput, DeleteBucketEncryptionCommandOutput>({
  demands: onBucket('PutEncryptionConfiguration'),
  run(input, call) {
    // "DeleteBucketEncryption": resets the default encryption to SSE-S3, there is no bucket without any.
    bucketOf(input, call).encryption = [
      { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false },
    ];
    return {};
  },
});

const putPublicAccessBlock = operation<PutPublicAccessBlockCommandInput, PutPublicAccessBlockCommandOutput>({
  demands: onBucket('PutBucketPublicAccessBlock'),
  run(input, call) {
    const given = input.PublicAccessBlockConfiguration ?? {};
    bucketOf(input, call).publicAccessBlock = {
      BlockPublicAcls: given.BlockPublicAcls ?? false,
      IgnorePublicAcls: given.IgnorePublicAcls ?? false,
      BlockPublicPolicy: given.BlockPublicPolicy ?? false,
      RestrictPublicBuckets: given.RestrictPublicBuckets ?? false,
    };
    return {};
  },
});

const getPublicAccessBlock = operation<GetPublicAccessBlockCommandInput, GetPublicAccessBlockCommandOutput>({
  demands: onBucket('GetBucketPublicAccessBlock'),
  run(input, call) {
    const bucket = bucketOf(input, call);
    if (!bucket.publicAccessBlock) {
      throw s3Error('NoSuchPublicAccessBlockConfiguration', { BucketName: bucket.name });
    }
    return { PublicAccessBlockConfiguration: bucket.publicAccessBlock };
  },
});

const deletePublicAccessBlock = operation<DeletePublicAccessBlockCommandInput, DeletePublicAccessBlockCommandOutput>({
  demands: onBucket('PutBucketPublicAccessBlock'),
  run(input, call) {
    delete bucketOf(input, call).publicAccessBlock;
    return {};
  },
});

const putBucketVersioning = operation<PutBucketVersioningCommandInput, PutBucketVersioningCommandOutput>({
  demands: onBucket('PutBucketVersioning'),
  run(input, call) {
    const bucket = bucketOf(input, call);
    const { Status, MFADelete } = input.VersioningConfiguration ?? {};
    if (Status !== 'Enabled' && Status !== 'Suspended') throw s3Error('MalformedXML');
    if (MFADelete === 'Enabled') throw unsupported('MFA delete', 'leave MFADelete out');
    bucket.versioning = Status;
    return {};
  },
});

const getBucketVersioning = operation<GetBucketVersioningCommandInput, GetBucketVersioningCommandOutput>({
  demands: onBucket('GetBucketVersioning'),
  run(input, call) {
    const { versioning } = bucketOf(input, call);
    return versioning ? { Status: versioning } : {};
  },
});

const putLifecycle = operation<
  PutBucketLifecycleConfigurationCommandInput,
  PutBucketLifecycleConfigurationCommandOutput
>({
  demands: onBucket('PutLifecycleConfiguration'),
  run(input, call) {
    const bucket = bucketOf(input, call);
    const rules = input.LifecycleConfiguration?.Rules ?? [];
    // "Setting an S3 Lifecycle configuration on a bucket": up to 1,000 rules.
    if (rules.length < 1 || rules.length > 1_000) throw s3Error('MalformedXML');
    for (const rule of rules) checkRule(rule);
    const minimumSize = input.TransitionDefaultMinimumObjectSize ?? 'all_storage_classes_128K';
    bucket.lifecycle = { rules: rules.map((rule, i) => ({ ...rule, ID: rule.ID ?? `rule-${i + 1}` })), minimumSize };
    call.cloud.log(`s3: lifecycle rules of ${bucket.name} are kept but not executed: no object expires or moves here`);
    return { TransitionDefaultMinimumObjectSize: input.TransitionDefaultMinimumObjectSize };
  },
});

function checkRule(rule: LifecycleRule): void {
  if (rule.Status !== 'Enabled' && rule.Status !== 'Disabled') throw s3Error('MalformedXML');
  if ((rule.ID ?? '').length > 255)
    throw s3Error('InvalidArgument', {}, 'ID length should not exceed allowed limit of 255');
  const acts =
    rule.Expiration ??
    rule.Transitions?.[0] ??
    rule.NoncurrentVersionExpiration ??
    rule.NoncurrentVersionTransitions?.[0] ??
    rule.AbortIncompleteMultipartUpload;
  if (!acts) {
    throw s3Error('InvalidRequest', {}, 'At least one action needs to be specified in a rule');
  }
}

const getLifecycle = operation<
  GetBucketLifecycleConfigurationCommandInput,
  GetBucketLifecycleConfigurationCommandOutput
>({
  demands: onBucket('GetLifecycleConfiguration'),
  run(input, call) {
    const bucket = bucketOf(input, call);
    if (!bucket.lifecycle) throw s3Error('NoSuchLifecycleConfiguration', { BucketName: bucket.name });
    const minimumSize = bucket.lifecycle
      .minimumSize as GetBucketLifecycleConfigurationCommandOutput['TransitionDefaultMinimumObjectSize'];
    return { Rules: [...bucket.lifecycle.rules], TransitionDefaultMinimumObjectSize: minimumSize };
  },
});

const deleteLifecycle = operation<DeleteBucketLifecycleCommandInput, DeleteBucketLifecycleCommandOutput>({
  demands: onBucket('PutLifecycleConfiguration'),
  run(input, call) {
    delete bucketOf(input, call).lifecycle;
    return {};
  },
});

const putBucketTagging = operation<PutBucketTaggingCommandInput, PutBucketTaggingCommandOutput>({
  demands: onBucket('PutBucketTagging'),
  run(input, call) {
    const bucket = bucketOf(input, call);
    bucket.tags = checkTags(input.Tagging?.TagSet ?? [], 50);
    return {};
  },
});

const getBucketTagging = operation<GetBucketTaggingCommandInput, GetBucketTaggingCommandOutput>({
  demands: onBucket('GetBucketTagging'),
  run(input, call) {
    const bucket = bucketOf(input, call);
    if (!bucket.tags?.length) throw s3Error('NoSuchTagSet', { BucketName: bucket.name });
    return { TagSet: [...bucket.tags] };
  },
});

const deleteBucketTagging = operation<DeleteBucketTaggingCommandInput, DeleteBucketTaggingCommandOutput>({
  demands: onBucket('PutBucketTagging'),
  run(input, call) {
    delete bucketOf(input, call).tags;
    return {};
  },
});

const putOwnership = operation<PutBucketOwnershipControlsCommandInput, PutBucketOwnershipControlsCommandOutput>({
  demands: onBucket('PutBucketOwnershipControls'),
  run(input, call) {
    const bucket = bucketOf(input, call);
    const rules = input.OwnershipControls?.Rules ?? [];
    if (rules.length !== 1) throw s3Error('MalformedXML');
    bucket.ownership = { Rules: rules };
    return {};
  },
});

const getOwnership = operation<GetBucketOwnershipControlsCommandInput, GetBucketOwnershipControlsCommandOutput>({
  demands: onBucket('GetBucketOwnershipControls'),
  run(input, call) {
    const bucket = bucketOf(input, call);
    if (!bucket.ownership) throw s3Error('OwnershipControlsNotFoundError', { BucketName: bucket.name });
    return { OwnershipControls: bucket.ownership };
  },
});

const deleteOwnership = operation<
  DeleteBucketOwnershipControlsCommandInput,
  DeleteBucketOwnershipControlsCommandOutput
>({
  demands: onBucket('PutBucketOwnershipControls'),
  run(input, call) {
    delete bucketOf(input, call).ownership;
    return {};
  },
});

export const bucketConfigurationOperations = {
  PutBucketEncryption: putBucketEncryption,
  GetBucketEncryption: getBucketEncryption,
  DeleteBucketEncryption: deleteBucketEncryption,
  PutPublicAccessBlock: putPublicAccessBlock,
  GetPublicAccessBlock: getPublicAccessBlock,
  DeletePublicAccessBlock: deletePublicAccessBlock,
  PutBucketVersioning: putBucketVersioning,
  GetBucketVersioning: getBucketVersioning,
  PutBucketLifecycleConfiguration: putLifecycle,
  GetBucketLifecycleConfiguration: getLifecycle,
  DeleteBucketLifecycle: deleteLifecycle,
  PutBucketTagging: putBucketTagging,
  GetBucketTagging: getBucketTagging,
  DeleteBucketTagging: deleteBucketTagging,
  PutBucketOwnershipControls: putOwnership,
  GetBucketOwnershipControls: getOwnership,
  DeleteBucketOwnershipControls: deleteOwnership,
};
