import { AwsError } from '../errors.ts';

type Protocol = 'json' | 'query' | 'rest-xml' | 'rest-json';
type Translation = { readonly code: string; readonly status?: number; readonly message?: string };

/** "Common errors" of the query services (STS, IAM, CloudFormation API References). */
const queryCodes: Readonly<Record<string, Translation>> = {
  InvalidSignatureException: { code: 'SignatureDoesNotMatch', status: 403 },
  UnrecognizedClientException: {
    code: 'InvalidClientTokenId',
    status: 403,
    message: 'The security token included in the request is invalid.',
  },
  ExpiredTokenException: { code: 'ExpiredToken', status: 403 },
  IncompleteSignatureException: { code: 'IncompleteSignature', status: 400 },
};

/** "Error responses", Amazon S3 API Reference. */
const s3Codes: Readonly<Record<string, Translation>> = {
  InvalidSignatureException: {
    code: 'SignatureDoesNotMatch',
    status: 403,
    message:
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  },
  UnrecognizedClientException: {
    code: 'InvalidAccessKeyId',
    status: 403,
    message: 'The AWS Access Key Id you provided does not exist in our records.',
  },
  ExpiredTokenException: { code: 'ExpiredToken', status: 400, message: 'The provided token has expired.' },
  IncompleteSignatureException: { code: 'AuthorizationHeaderMalformed', status: 400 },
};

/**
 * A signature error in the words of a protocol. JSON services answer `InvalidSignatureException` with 400, REST-JSON
 * services the same with 403, query services and S3 have codes of their own.
 */
export function signatureErrorFor(protocol: Protocol, error: AwsError): AwsError {
  if (protocol === 'json') return new AwsError(error.code, error.message, { status: 400, members: error.members });
  if (protocol === 'rest-json') return error;
  if (protocol === 'query') return translate(error, queryCodes[error.code]);
  return translate(error, s3TimeError(error) ?? s3Codes[error.code]);
}

function s3TimeError({ code, message }: AwsError): Translation | undefined {
  if (code !== 'InvalidSignatureException') return undefined;
  if (message.startsWith('Signature not yet current') || message.endsWith('min.)')) {
    return {
      code: 'RequestTimeTooSkewed',
      status: 403,
      message: 'The difference between the request time and the current time is too large.',
    };
  }
  if (message.startsWith('Signature expired'))
    return { code: 'AccessDenied', status: 403, message: 'Request has expired' };
  return undefined;
}

function translate(error: AwsError, translation: Translation | undefined): AwsError {
  if (!translation) return error;
  const { code, status, message } = translation;
  return new AwsError(code, message ?? error.message, {
    ...((status ?? error.status) ? { status: status ?? (error.status as number) } : {}),
    members: error.members,
  });
}
