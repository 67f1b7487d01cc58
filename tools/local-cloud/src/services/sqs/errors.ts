import { AwsError } from '../../errors.ts';

/** Not in the service's model; the SDK knows it by this name, query clients as `InvalidParameterValue`. */
export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message, { status: 400 });
}

/** The usual wording: `Value 11 for parameter MaxNumberOfMessages is invalid. Reason: …` */
export function invalidValue(parameter: string, value: unknown, reason: string): AwsError {
  return invalidParameter(`Value ${value} for parameter ${parameter} is invalid. Reason: ${reason}`);
}

export function missingParameter(parameter: string): AwsError {
  return new AwsError('MissingParameter', `The request must contain the parameter ${parameter}.`, { status: 400 });
}

export function queueDoesNotExist(): AwsError {
  return new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
}

export function invalidAttributeValue(name: string): AwsError {
  return new AwsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
}

export function unknownAttribute(name: string): AwsError {
  return new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
}

/** For members of the queue's other type: delays of single messages in FIFO queues, deduplication in standard ones. */
export function wrongQueueType(parameter: string, value: unknown): AwsError {
  return invalidValue(parameter, value, 'The request include parameter that is not valid for this queue type.');
}
