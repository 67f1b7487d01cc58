import type { InvokeCommandOutput } from '@aws-sdk/client-lambda';
import { AwsError } from '../../../errors.ts';
import { serviceCaller } from '../../../iam/service-caller.ts';
import type { Caller, Cloud } from '../../../service.ts';
import { gatewaySession } from './gateway-session.ts';

/** Whose API it is. */
type Owner = { readonly account: string; readonly region: string };

/** The function's ARN in `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/<arn>/invocations`. */
export function functionArnOf(uri = ''): string {
  return /:lambda:path\/2015-03-31\/functions\/(.+)\/invocations$/.exec(uri)?.[1] ?? '';
}

/** Who the gateway calls others as: the role it was given, or itself, which their policies must allow. */
async function gatewayCaller(
  cloud: Cloud,
  api: Owner,
  credentials: string | undefined,
  sourceArn: string,
): Promise<Caller> {
  const itself = serviceCaller('apigateway.amazonaws.com', api.account, sourceArn);
  if (!credentials) return itself;
  const context = { 'aws:SourceArn': sourceArn, 'aws:SourceAccount': api.account };
  return (await gatewaySession(cloud, credentials, context)).caller;
}

export interface FunctionAnswer {
  readonly payload: Uint8Array;
  readonly failed: boolean;
}

/** Invokes a function by its ARN. Throws what Lambda and IAM refuse it with. */
export async function invokeWithin(
  cloud: Cloud,
  api: Owner,
  {
    arn,
    credentials,
    sourceArn,
    event,
  }: { arn: string; credentials: string | undefined; sourceArn: string; event: Uint8Array | string },
): Promise<FunctionAnswer> {
  const caller = await gatewayCaller(cloud, api, credentials, sourceArn);
  const region = arn.split(':')[3] ?? api.region;
  const input = { FunctionName: arn, Payload: Buffer.from(event) };
  const answer = await cloud.call<InvokeCommandOutput>('lambda', 'Invoke', input, { caller, region });
  return { payload: answer.Payload ?? new Uint8Array(), failed: answer.FunctionError !== undefined };
}

/** Nobody answered in time, by the cloud’s clock. */
export class TimedOut extends Error {}

/** Throws {@link TimedOut} when `work` takes longer than `ms` of the cloud's time. */
export async function within<T>(cloud: Cloud, ms: number, work: Promise<T>): Promise<T> {
  let cancel = () => {};
  const late = new Promise<never>((_, reject) => {
    cancel = cloud.clock.after(ms, () => reject(new TimedOut(`no answer within ${ms} ms`)));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    cancel();
  }
}

/** What AWS refused a call with, for the cloud's log: the client is told nothing. */
export function reasonOf(error: unknown): string {
  if (error instanceof AwsError) return `${error.code}: ${error.message}`;
  throw error;
}
