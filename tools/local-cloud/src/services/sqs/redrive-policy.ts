import type { Cloud } from '../../service.ts';
import { invalidAttributeValue, invalidValue } from './errors.ts';
import { locateArn, type QueueLocation, queueArn } from './queue-reference.ts';
import { queueAt } from './state.ts';

export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

/** A policy that was checked when it was set. */
export function readRedrivePolicy(text: string): RedrivePolicy {
  const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(text);
  return { deadLetterTargetArn, maxReceiveCount: Number(maxReceiveCount) };
}

/** "RedrivePolicy", SetQueueAttributes; the dead-letter queue must be there, of the same type, account and region. */
export function checkRedrivePolicy(cloud: Cloud, source: QueueLocation, text: string): void {
  const refused = (reason: string) => invalidValue('RedrivePolicy', text, reason);
  const policy = jsonMap(text);
  if (!policy) throw refused('Redrive policy is not a valid JSON map.');
  for (const name of ['maxReceiveCount', 'deadLetterTargetArn']) {
    if (policy[name] === undefined) throw refused(`Redrive policy does not contain mandatory attribute: ${name}.`);
  }
  if (Object.keys(policy).length > 2) {
    throw refused('Only following attributes are supported: [deadLetterTargetArn, maxReceiveCount].');
  }
  const count = Number(policy['maxReceiveCount']);
  if (!Number.isInteger(count) || count < 1 || count > 1000) {
    throw refused(
      `Invalid value for maxReceiveCount: ${policy['maxReceiveCount']}, valid values are from 1 to 1000 both inclusive.`,
    );
  }
  const target = location(String(policy['deadLetterTargetArn']));
  if (!target) throw refused('Invalid value for deadLetterTargetArn.');
  const found = queueAt(cloud, target);
  if (!found || target.account !== source.account || target.region !== source.region) {
    throw refused('Dead letter target does not exist.');
  }
  if (found.fifo !== source.name.endsWith('.fifo')) {
    throw refused('Dead-letter queue must be same type of queue as the source.');
  }
  if (!mayUse(found.attributes['RedriveAllowPolicy'], queueArn(source))) {
    throw refused(`The RedriveAllowPolicy of the dead letter target does not allow ${queueArn(source)} to use it.`);
  }
}

/** "RedriveAllowPolicy", SetQueueAttributes. */
export function checkRedriveAllowPolicy(text: string): void {
  const policy = jsonMap(text);
  const { redrivePermission, sourceQueueArns, ...others } = policy ?? {};
  const isList = Array.isArray(sourceQueueArns) && sourceQueueArns.length >= 1 && sourceQueueArns.length <= 10;
  const isRight =
    policy &&
    Object.keys(others).length === 0 &&
    (redrivePermission === 'byQueue'
      ? isList && sourceQueueArns.every((arn) => location(String(arn)))
      : (redrivePermission === 'allowAll' || redrivePermission === 'denyAll') && sourceQueueArns === undefined);
  if (!isRight) throw invalidAttributeValue('RedriveAllowPolicy');
}

function mayUse(allowPolicy: string | undefined, arn: string): boolean {
  if (allowPolicy === undefined) return true;
  const { redrivePermission, sourceQueueArns = [] } = JSON.parse(allowPolicy);
  if (redrivePermission === 'byQueue') return sourceQueueArns.includes(arn);
  return redrivePermission === 'allowAll';
}

function location(arn: string): QueueLocation | undefined {
  try {
    return locateArn('deadLetterTargetArn', arn);
  } catch {
    return undefined;
  }
}

function jsonMap(text: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
