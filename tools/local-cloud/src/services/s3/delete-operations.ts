import type {
  DeletedObject,
  DeleteObjectCommandInput,
  DeleteObjectCommandOutput,
  DeleteObjectsCommandInput,
  DeleteObjectsCommandOutput,
  _Error as ObjectError,
} from '@aws-sdk/client-s3';
import { AwsError } from '../../errors.ts';
import { type Call, operation } from '../../service.ts';
import { checkWrite } from './conditions.ts';
import { objectDemand, onObject } from './demands.ts';
import { s3Error } from './errors.ts';
import { type Bucket, bucketOf, isDeleteMarker } from './state.ts';
import { addVersion, currentObject, newVersionId, removeVersion } from './versions.ts';

interface Deletion {
  readonly DeleteMarker?: true;
  readonly VersionId?: string;
}

/**
 * Deletes as the bucket's versioning says: for good (no versioning, or a version id), or by a delete marker. Deleting what is
 * not there succeeds ("Deleting Amazon S3 objects", Amazon S3 User Guide).
 */
function remove(bucket: Bucket, key: string, versionId: string | undefined, call: Call): Deletion {
  if (versionId !== undefined) {
    const removed = removeVersion(bucket, key, versionId);
    return { VersionId: versionId, ...(removed && isDeleteMarker(removed) && { DeleteMarker: true }) };
  }
  if (!bucket.versioning) {
    bucket.objects.delete(key);
    return {};
  }
  const marker = {
    versionId: newVersionId(bucket),
    lastModified: new Date(call.cloud.clock.now()),
    deleteMarker: true,
  } as const;
  addVersion(bucket, key, marker);
  return { DeleteMarker: true, VersionId: marker.versionId };
}

const deleteObject = operation<DeleteObjectCommandInput, DeleteObjectCommandOutput>({
  demands: onObject('DeleteObject', 'DeleteObjectVersion'),
  run(input, call) {
    const bucket = bucketOf(input, call);
    const key = input.Key ?? '';
    if (input.IfMatch !== undefined) checkWrite({ IfMatch: input.IfMatch }, key, currentObject(bucket, key));
    return remove(bucket, key, input.VersionId, call);
  },
});

const deleteObjects = operation<DeleteObjectsCommandInput, DeleteObjectsCommandOutput>({
  // Each key is allowed or refused on its own, below; the call itself needs the bucket to exist.
  demands(input, call) {
    bucketOf(input, call);
    return [];
  },
  async run(input, call) {
    const bucket = bucketOf(input, call);
    const objects = input.Delete?.Objects ?? [];
    // "DeleteObjects": a list of up to 1,000 keys.
    if (objects.length < 1 || objects.length > 1_000) throw s3Error('MalformedXML');
    const deleted: DeletedObject[] = [];
    const errors: ObjectError[] = [];
    for (const { Key = '', VersionId } of objects) {
      try {
        const action = VersionId ? 'DeleteObjectVersion' : 'DeleteObject';
        call.cloud.authorize(call.caller, [objectDemand(bucket, action, Key)], {
          region: call.region,
          service: 's3',
        });
        deleted.push(describe(Key, VersionId, remove(bucket, Key, VersionId, call)));
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        errors.push({ Key, ...(VersionId && { VersionId }), Code: error.code, Message: error.message });
      }
    }
    return {
      ...(!input.Delete?.Quiet && deleted.length > 0 && { Deleted: deleted }),
      ...(errors.length > 0 && { Errors: errors }),
    };
  },
});

function describe(key: string, versionId: string | undefined, done: Deletion): DeletedObject {
  const named = { Key: key, ...(versionId && { VersionId: versionId }) };
  if (!done.DeleteMarker) return named;
  return { ...named, DeleteMarker: true, ...(done.VersionId && { DeleteMarkerVersionId: done.VersionId }) };
}

export const deleteOperations = { DeleteObject: deleteObject, DeleteObjects: deleteObjects };
