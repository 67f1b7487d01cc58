import type { LifecycleRule } from '@aws-sdk/client-s3';
import type { Properties } from '../provider.ts';

const date = (value: string | undefined) => (value === undefined ? undefined : new Date(value));

/** A lifecycle rule as the S3 API writes it: the template's has names of its own for the same things. */
export function lifecycleRule(rule: Properties): LifecycleRule {
  const transitions: Properties[] = [
    ...(rule['Transitions'] ?? []),
    ...(rule['Transition'] ? [rule['Transition']] : []),
  ];
  const noncurrent: Properties[] = [
    ...(rule['NoncurrentVersionTransitions'] ?? []),
    ...(rule['NoncurrentVersionTransition'] ? [rule['NoncurrentVersionTransition']] : []),
  ];
  const days = rule['NoncurrentVersionExpirationInDays'];
  return {
    ID: rule['Id'],
    Status: rule['Status'],
    Filter: filterOf(rule),
    ...expirationOf(rule),
    ...(rule['AbortIncompleteMultipartUpload'] && {
      AbortIncompleteMultipartUpload: rule['AbortIncompleteMultipartUpload'],
    }),
    ...((rule['NoncurrentVersionExpiration'] || days !== undefined) && {
      NoncurrentVersionExpiration: rule['NoncurrentVersionExpiration'] ?? { NoncurrentDays: days },
    }),
    ...(transitions.length > 0 && {
      Transitions: transitions.map(({ StorageClass, TransitionInDays, TransitionDate }) => ({
        StorageClass,
        Days: TransitionInDays,
        Date: date(TransitionDate),
      })),
    }),
    ...(noncurrent.length > 0 && {
      NoncurrentVersionTransitions: noncurrent.map(({ StorageClass, TransitionInDays, NewerNoncurrentVersions }) => ({
        StorageClass,
        NoncurrentDays: TransitionInDays,
        NewerNoncurrentVersions,
      })),
    }),
  };
}

function expirationOf(rule: Properties): Pick<LifecycleRule, 'Expiration'> {
  const { ExpirationInDays: Days, ExpirationDate, ExpiredObjectDeleteMarker } = rule;
  if (Days === undefined && ExpirationDate === undefined && ExpiredObjectDeleteMarker === undefined) return {};
  return { Expiration: { Days, Date: date(ExpirationDate), ExpiredObjectDeleteMarker } };
}

function filterOf(rule: Properties): LifecycleRule['Filter'] {
  const { Prefix, TagFilters = [], ObjectSizeGreaterThan, ObjectSizeLessThan } = rule;
  const sizes = {
    ...(ObjectSizeGreaterThan !== undefined && { ObjectSizeGreaterThan: Number(ObjectSizeGreaterThan) }),
    ...(ObjectSizeLessThan !== undefined && { ObjectSizeLessThan: Number(ObjectSizeLessThan) }),
  };
  const conditions = (Prefix === undefined ? 0 : 1) + TagFilters.length + Object.keys(sizes).length;
  if (conditions > 1) return { And: { Prefix, Tags: TagFilters, ...sizes } };
  if (TagFilters.length === 1) return { Tag: TagFilters[0] };
  return Object.keys(sizes).length > 0 ? sizes : { Prefix: Prefix ?? '' };
}
