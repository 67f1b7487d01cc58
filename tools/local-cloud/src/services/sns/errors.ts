import { AwsError } from '../../errors.ts';

/** `Invalid parameter: …`, as SNS begins most refusals. */
export function invalidParameter(what: string): AwsError {
  return new AwsError('InvalidParameter', `Invalid parameter: ${what}`);
}

/** What is wrong with a message attribute. */
export function parameterValueInvalid(message: string): AwsError {
  return new AwsError('ParameterValueInvalid', message, { status: 400 });
}

export function topicNotFound(): AwsError {
  return new AwsError('NotFound', 'Topic does not exist');
}

export function subscriptionNotFound(): AwsError {
  return new AwsError('NotFound', 'Subscription does not exist');
}

/** 501 for what would change what a topic does and has no counterpart here. */
export function unsupported(what: string, wayOut: string): AwsError {
  return new AwsError('NotImplementedException', `The embedded cloud's SNS has no ${what}: ${wayOut}.`, {
    status: 501,
  });
}
