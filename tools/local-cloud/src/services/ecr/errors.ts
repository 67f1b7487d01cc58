import { AwsError } from '../../errors.ts';

/** Codes of the Amazon ECR API Reference that are used here. */
type EcrErrorCode =
  | 'EmptyUploadException'
  | 'ImageAlreadyExistsException'
  | 'ImageDigestDoesNotMatchException'
  | 'ImageNotFoundException'
  | 'ImageTagAlreadyExistsException'
  | 'InvalidLayerException'
  | 'InvalidLayerPartException'
  | 'InvalidParameterException'
  | 'InvalidTagParameterException'
  | 'LayerAlreadyExistsException'
  | 'LayerPartTooSmallException'
  | 'LayersNotFoundException'
  | 'LifecyclePolicyNotFoundException'
  | 'ReferencedImagesNotFoundException'
  | 'RepositoryAlreadyExistsException'
  | 'RepositoryNotEmptyException'
  | 'RepositoryNotFoundException'
  | 'RepositoryPolicyNotFoundException'
  | 'TooManyTagsException'
  | 'UploadNotFoundException';

export function ecrError(code: EcrErrorCode, message: string, members: Record<string, unknown> = {}): AwsError {
  return new AwsError(code, message, { members });
}

/** For options that would change what a call does and that the embedded cloud does not carry out. */
export function unsupported(option: string, wayOut: string): AwsError {
  return new AwsError('NotImplementedException', `The embedded cloud's ECR does not support ${option}: ${wayOut}.`, {
    status: 501,
  });
}
