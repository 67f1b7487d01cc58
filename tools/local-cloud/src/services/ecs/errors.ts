import { AwsError } from '../../errors.ts';

/** "A client error": most of what is wrong with a task definition. */
export function clientError(message: string): AwsError {
  return new AwsError('ClientException', message);
}

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}

/** What ECS can do and the embedded cloud cannot. */
export function unsupported(what: string): AwsError {
  return new AwsError('NotImplementedException', `The embedded cloud's ECS does not support ${what}.`, { status: 501 });
}

export const clusterNotFound = () => new AwsError('ClusterNotFoundException', 'Cluster not found.');
export const serviceNotFound = () => new AwsError('ServiceNotFoundException', 'Service not found.');
export const serviceNotActive = () => new AwsError('ServiceNotActiveException', 'Service was not ACTIVE.');
