import type { GatewayResponseType } from '@aws-sdk/client-api-gateway';

/** The name each response goes by in the header `x-amzn-ErrorType`. */
const errorTypes: Readonly<Record<GatewayResponseType, string>> = {
  ACCESS_DENIED: 'AccessDeniedException',
  API_CONFIGURATION_ERROR: 'InternalServerErrorException',
  AUTHORIZER_CONFIGURATION_ERROR: 'AuthorizerConfigurationException',
  AUTHORIZER_FAILURE: 'AuthorizerConfigurationException',
  BAD_REQUEST_BODY: 'BadRequestException',
  BAD_REQUEST_PARAMETERS: 'BadRequestException',
  DEFAULT_4XX: 'BadRequestException',
  DEFAULT_5XX: 'InternalServerErrorException',
  EXPIRED_TOKEN: 'ExpiredTokenException',
  INTEGRATION_FAILURE: 'InternalServerErrorException',
  INTEGRATION_TIMEOUT: 'InternalServerErrorException',
  INVALID_API_KEY: 'ForbiddenException',
  INVALID_SIGNATURE: 'InvalidSignatureException',
  MISSING_AUTHENTICATION_TOKEN: 'MissingAuthenticationTokenException',
  QUOTA_EXCEEDED: 'LimitExceededException',
  REQUEST_TOO_LARGE: 'RequestTooLargeException',
  RESOURCE_NOT_FOUND: 'NotFoundException',
  THROTTLED: 'TooManyRequestsException',
  UNAUTHORIZED: 'UnauthorizedException',
  UNSUPPORTED_MEDIA_TYPE: 'UnsupportedMediaTypeException',
  WAF_FILTERED: 'ForbiddenException',
};

/** A request that the gateway answers itself. Its client sees the API's gateway response of that type. */
export class GatewayError extends Error {
  readonly type: GatewayResponseType;
  readonly errorType: string;
  /** Where the type has no status of its own, or another one. */
  readonly status: number | undefined;
  /** AWS answers `null` for what only the API's author should know. */
  readonly text: string | null;
  /** What is wrong with a body, for `$context.error.validationErrorString`. */
  readonly validationError: string | undefined;

  constructor(
    type: GatewayResponseType,
    text: string | null,
    options: { readonly status?: number; readonly validationError?: string } = {},
  ) {
    super(text ?? type);
    this.name = 'GatewayError';
    this.type = type;
    this.errorType = errorTypes[type];
    this.status = options.status;
    this.text = text;
    this.validationError = options.validationError;
  }
}

/** What AWS says of everything that failed behind the gateway: no more than this. */
export function internalError(type: GatewayResponseType, status?: number): GatewayError {
  return new GatewayError(type, 'Internal server error', status === undefined ? {} : { status });
}
