import type {
  DeleteObjectTaggingCommandInput,
  DeleteObjectTaggingCommandOutput,
  GetObjectTaggingCommandInput,
  GetObjectTaggingCommandOutput,
  PutObjectTaggingCommandInput,
  PutObjectTaggingCommandOutput,
} from '@aws-sdk/client-s3';
import { type Call, operation } from '../../service.ts';
import { noSuchKey, onObject } from './demands.ts';
import { type Bucket, bucketOf, type StoredObject } from './state.ts';
import { checkTags } from './tags.ts';
import { currentObject, versionIdMember, versionOf } from './versions.ts';

interface ObjectInput {
  readonly Bucket: string | undefined;
  readonly Key: string | undefined;
  readonly VersionId?: string | undefined;
}

function taggedObject(input: ObjectInput, call: Call): { bucket: Bucket; object: StoredObject } {
  const bucket = bucketOf(input, call);
  const key = input.Key ?? '';
  const object = input.VersionId ? versionOf(bucket, key, input.VersionId) : currentObject(bucket, key);
  if (!object) throw noSuchKey(bucket, key, call);
  return { bucket, object };
}

const putObjectTagging = operation<PutObjectTaggingCommandInput, PutObjectTaggingCommandOutput>({
  demands: onObject('PutObjectTagging', 'PutObjectVersionTagging'),
  run(input, call) {
    const { bucket, object } = taggedObject(input, call);
    object.tags = checkTags(input.Tagging?.TagSet ?? [], 10);
    return versionIdMember(bucket, object);
  },
});

const getObjectTagging = operation<GetObjectTaggingCommandInput, GetObjectTaggingCommandOutput>({
  demands: onObject('GetObjectTagging', 'GetObjectVersionTagging'),
  run(input, call) {
    const { bucket, object } = taggedObject(input, call);
    return { TagSet: [...object.tags], ...versionIdMember(bucket, object) };
  },
});

const deleteObjectTagging = operation<DeleteObjectTaggingCommandInput, DeleteObjectTaggingCommandOutput>({
  demands: onObject('DeleteObjectTagging', 'DeleteObjectVersionTagging'),
  run(input, call) {
    const { bucket, object } = taggedObject(input, call);
    object.tags = [];
    return versionIdMember(bucket, object);
  },
});

export const objectTaggingOperations = {
  PutObjectTagging: putObjectTagging,
  GetObjectTagging: getObjectTagging,
  DeleteObjectTagging: deleteObjectTagging,
};
