import { AwsError } from '../../errors.ts';
import { evaluate } from '../../iam/evaluate.ts';
import { anonymous } from '../../iam/service-caller.ts';
import type { Caller, Cloud, Demand, RawRequest } from '../../service.ts';
import { documentOf } from './demands.ts';
import type { FunctionUrl, LambdaFunction } from './state.ts';

/**
 * Lets a request through or throws. "Control access to Lambda function URLs": since October 2025 it takes both
 * lambda:InvokeFunctionUrl and, via the URL, lambda:InvokeFunction. With NONE nobody is authenticated, and the function's
 * policy must allow everybody.
 *
 * Answers who signed a request to an AWS_IAM URL. Throws AccessDeniedException and the signature's own errors.
 */
export async function admit(
  cloud: Cloud,
  raw: RawRequest,
  { found, qualifier, url }: { found: LambdaFunction; qualifier: string; url: FunctionUrl },
): Promise<Caller | undefined> {
  const resource = qualifier === '$LATEST' ? found.arn : `${found.arn}:${qualifier}`;
  const resourcePolicy = documentOf(found.policies.get(qualifier));
  const demands: Demand[] = [
    {
      action: 'lambda:InvokeFunctionUrl',
      resource,
      context: { 'lambda:FunctionUrlAuthType': url.authType, 'lambda:FunctionArn': resource },
      resourcePolicy,
    },
    { action: 'lambda:InvokeFunction', resource, context: { 'lambda:InvokedViaFunctionUrl': 'true' }, resourcePolicy },
  ];
  if (url.authType === 'NONE') {
    if (demands.every((demand) => isPublic(raw, demand, found))) return undefined;
    throw forbidden();
  }
  const signed = await cloud.authenticate(raw);
  if (signed?.service !== 'lambda') throw forbidden();
  cloud.authorize(signed.caller, demands, { region: found.region, service: 'lambda' });
  return signed.caller;
}

function isPublic(
  { sourceIp }: RawRequest,
  { action, resource, context = {}, resourcePolicy }: Demand,
  { account }: LambdaFunction,
): boolean {
  const keys = { ...context, 'aws:SourceIp': sourceIp, 'aws:SecureTransport': 'true' };
  return evaluate(
    { identity: [], resource: resourcePolicy },
    {
      caller: anonymous,
      action,
      resource,
      resourceAccount: account,
      context: new Map(Object.entries(keys).map(([key, value]) => [key.toLowerCase(), [value].flat()])),
    },
  ).allowed;
}

function forbidden(): AwsError {
  return new AwsError('AccessDeniedException', 'Forbidden', { status: 403 });
}
