import { s3Error, unsupported } from './errors.ts';
import type { Bucket } from './state.ts';

interface EncryptionInput {
  readonly ServerSideEncryption?: string | undefined;
  readonly SSEKMSKeyId?: string | undefined;
  readonly SSECustomerAlgorithm?: string | undefined;
}

/** There is no KMS beside this S3, so no key but the AWS managed one can exist. Throws KMS.NotFoundException as S3 would. */
export function checkKmsKey(key: string | undefined): void {
  if (key === undefined || key === '' || key.endsWith('alias/aws/s3')) return;
  throw s3Error('KMS.NotFoundException', {}, `Key '${key}' does not exist`);
}

/** What S3 states as the object's encryption: the request's, else the bucket's default. Bodies are kept as they are. */
export function encryptionFor(input: EncryptionInput, bucket: Bucket): string {
  if (input.SSECustomerAlgorithm)
    throw unsupported('SSE-C', 'leave the x-amz-server-side-encryption-customer headers out');
  checkKmsKey(input.SSEKMSKeyId);
  return (
    input.ServerSideEncryption ?? bucket.encryption[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm ?? 'AES256'
  );
}
