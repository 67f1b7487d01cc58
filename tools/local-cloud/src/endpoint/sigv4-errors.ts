import { AwsError } from '../errors.ts';

type Protocol = 'json' | 'query' | 'ec2-query' | 'rest-xml' | 'rest-json';
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

const ec2Refusal = {
  code: 'AuthFailure',
  status: 401,
  message: 'AWS was not able to validate the provided access credentials',
};

/** "Error codes for the Amazon EC2 API": all that is wrong with keys and signatures is one. */
const ec2Codes: Readonly<Record<string, Translation>> = {
  InvalidSignatureException: ec2Refusal,
  UnrecognizedClientException: ec2Refusal,
  ExpiredTokenException: { code: 'RequestExpired', status: 400, message: 'Request has expired.' },
  IncompleteSignatureException: { code: 'IncompleteSignature', status: 400 },
};

/** What EC2 answers to a request that nobody signed. */
export function missingCredentials(): AwsError {
  return new AwsError('MissingAuthenticationToken', 'Request is missing Authentication Token', { status: 403 });
}

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
  if (protocol === 'ec2-query') return translate(error, ec2Codes[error.code]);
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
