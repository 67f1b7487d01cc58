import { AwsError } from '../../errors.ts';
import type { Call, Cloud } from '../../service.ts';
import { invalidParameter } from './errors.ts';

export interface QueueLocation {
  readonly account: string;
  readonly region: string;
  readonly name: string;
}

export function queueArn({ account, region, name }: QueueLocation): string {
  return `arn:aws:sqs:${region}:${account}:${name}`;
}

/** `http://127.0.0.1:4566/000000000000/orders`: clients must ask the cloud for it, never build it themselves. */
export function queueUrl(cloud: Cloud, { account, name }: Pick<QueueLocation, 'account' | 'name'>): string {
  return `${cloud.endpoint}/${account}/${name}`;
}

/** What other services call a queue's operations with, as they know it by its ARN. */
export function queueUrlOfArn(cloud: Cloud, arn: string): string {
  const [, , , , account = '', name = ''] = arn.split(':');
  return queueUrl(cloud, { account, name });
}

/**
 * Account and name from a queue's URL, region from the call. Only the path counts, so that URLs of another run on another
 * port, and those that templates build with `sqs.<region>.amazonaws.com`, name the same queue.
 */
export function locateUrl(url: string | undefined, call: Call): QueueLocation {
  const path = /^https?:\/\/[^/]+\/(\d{12})\/([^/]+)\/?$/.exec(url ?? '');
  if (!path) throw new AwsError('InvalidAddress', `The address ${url} is not valid for this endpoint.`);
  return { account: path[1] as string, region: call.region, name: path[2] as string };
}

/** Throws InvalidParameterValue when it is no queue's ARN. */
export function locateArn(parameter: string, arn: string): QueueLocation {
  const [prefix, , service, region = '', account = '', name = ''] = arn.split(':');
  if (prefix !== 'arn' || service !== 'sqs' || !region || !/^\d{12}$/.test(account) || !name) {
    throw invalidParameter(
      `You must use this format to specify the ${parameter}: arn:aws:service:region:account-id:resource-id`,
    );
  }
  return { account, region, name };
}
