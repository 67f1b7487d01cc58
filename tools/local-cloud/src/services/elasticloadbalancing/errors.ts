import { AwsError } from '../../errors.ts';

/** Codes as each operation's "Errors" in the Elastic Load Balancing API Reference; HTTP statuses come from the model. */
export function elbError(code: string, message: string): AwsError {
  return new AwsError(code, message);
}

export const noLoadBalancer = (arn: string) => elbError('LoadBalancerNotFound', `Load balancer '${arn}' not found`);
export const noTargetGroup = (arn: string) => elbError('TargetGroupNotFound', `Target group '${arn}' not found`);
export const noListener = (arn: string) => elbError('ListenerNotFound', `Listener '${arn}' not found`);
export const noRule = (arn: string) => elbError('RuleNotFound', `Rule '${arn}' not found`);

export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', message, { status: 400 });
}

/** An option that AWS has and this cloud does not carry out. */
export function unsupported(option: string): AwsError {
  return elbError('InvalidConfigurationRequest', `The embedded cloud does not support ${option}`);
}

/** One page: "Marker" and "PageSize" (1 to 400) of the Describe operations. */
export function page<Item>(
  items: readonly Item[],
  { Marker, PageSize = 400 }: { Marker?: string | undefined; PageSize?: number | undefined },
): { items: Item[]; NextMarker?: string } {
  if (PageSize < 1 || PageSize > 400) throw validationError(`PageSize must be between 1 and 400, not ${PageSize}`);
  const start = Marker === undefined ? 0 : Number(Buffer.from(Marker, 'base64url').toString());
  if (!Number.isInteger(start)) throw validationError(`Invalid marker '${Marker}'`);
  const end = start + PageSize;
  return {
    items: items.slice(start, end),
    ...(end < items.length && { NextMarker: Buffer.from(String(end)).toString('base64url') }),
  };
}
