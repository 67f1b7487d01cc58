import { AwsError } from '../../../errors.ts';
import type { Call, RawRequest } from '../../../service.ts';
import { repositoryDemand } from '../demands.ts';
import { type Repository, repositoryOf } from '../state.ts';

/** What a registry request is answered with. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** One request to the registry, its caller known from the token. */
export interface Exchange {
  readonly request: RawRequest;
  readonly call: Call;
  readonly registryId: string;
  readonly repositoryName: string;
}

/** The repository of an exchange, after the caller was allowed the ECR action the request amounts to. */
export function authorizedRepository({ call, registryId, repositoryName }: Exchange, action: string): Repository {
  const input = { registryId, repositoryName };
  call.cloud.authorize(call.caller, [repositoryDemand(action, input, call)], { region: call.region, service: 'ecr' });
  return repositoryOf(input, call);
}

/** Error codes of the OCI Distribution Specification for those of ECR. */
const codes: Record<string, readonly [status: number, code: string]> = {
  RepositoryNotFoundException: [404, 'NAME_UNKNOWN'],
  ImageNotFoundException: [404, 'MANIFEST_UNKNOWN'],
  LayersNotFoundException: [404, 'MANIFEST_BLOB_UNKNOWN'],
  ReferencedImagesNotFoundException: [404, 'MANIFEST_UNKNOWN'],
  UploadNotFoundException: [404, 'BLOB_UPLOAD_UNKNOWN'],
  InvalidLayerException: [400, 'DIGEST_INVALID'],
  ImageDigestDoesNotMatchException: [400, 'DIGEST_INVALID'],
  EmptyUploadException: [400, 'SIZE_INVALID'],
  InvalidLayerPartException: [416, 'BLOB_UPLOAD_INVALID'],
  ImageTagAlreadyExistsException: [400, 'TAG_INVALID'],
  InvalidParameterException: [400, 'MANIFEST_INVALID'],
  AccessDeniedException: [403, 'DENIED'],
};

export function errorReply(error: AwsError): Reply {
  const [status, code] = codes[error.code] ?? [error.status ?? 400, 'UNSUPPORTED'];
  return registryError(status, code, error.message);
}

export function registryError(status: number, code: string, message: string): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ errors: [{ code, message }] }),
  };
}

export function blobUnknown(digest: string): Reply {
  return registryError(404, 'BLOB_UNKNOWN', `blob ${digest} is unknown to the registry`);
}

export function isAwsError(error: unknown): error is AwsError {
  return error instanceof AwsError;
}
