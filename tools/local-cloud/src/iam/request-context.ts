import type { Caller, Demand } from '../service.ts';

/** Condition keys of a request, lower-cased, with their values. */
export type RequestContext = ReadonlyMap<string, readonly string[]>;

/** What the global keys are made from besides the caller. */
export interface Circumstances {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly region: string;
  readonly resourceAccount: string;
  /** Tags of the user or role. */
  readonly principalTags: Readonly<Record<string, string>>;
}

/**
 * The condition keys of one demand: the request's own, and those every request has ("AWS global condition context keys",
 * IAM User Guide). What a demand states wins over what is derived here.
 */
export function requestContext(caller: Caller, demand: Demand, circumstances: Circumstances): RequestContext {
  const context = new Map<string, readonly string[]>();
  const put = (key: string, value: string | readonly string[] | undefined) => {
    if (value === undefined) return;
    context.set(key.toLowerCase(), typeof value === 'string' ? [value] : value);
  };
  const { now, region, resourceAccount, principalTags } = circumstances;
  put('aws:CurrentTime', new Date(now).toISOString());
  put('aws:EpochTime', String(Math.floor(now / 1000)));
  put('aws:RequestedRegion', region);
  put('aws:ResourceAccount', resourceAccount);
  if (demand.action.startsWith('s3:')) put('s3:ResourceAccount', resourceAccount);
  // Loopback stands in for AWS's TLS endpoints, so a policy that insists on TLS must not lock everybody out.
  put('aws:SecureTransport', 'true');
  for (const [key, value] of Object.entries(callerKeys(caller))) put(key, value);
  for (const [key, value] of Object.entries(principalTags)) put(`aws:PrincipalTag/${key}`, value);
  for (const [key, value] of Object.entries(demand.context ?? {})) put(key, value);
  return context;
}

const principalTypes = { root: 'Account', user: 'User', role: 'AssumedRole' } as const;

function callerKeys(caller: Caller): Record<string, string | undefined> {
  if (caller.type === 'service') {
    return {
      'aws:PrincipalIsAWSService': 'true',
      'aws:PrincipalServiceName': caller.arn,
      'aws:SourceAccount': caller.account,
      // Its older name, which the policies that SNS and SQS begin with speak of.
      'aws:SourceOwner': caller.account,
      'aws:SourceArn': caller.sourceArn,
    };
  }
  if (caller.type === 'federated') return { 'aws:FederatedProvider': caller.arn, 'aws:SourceIp': '127.0.0.1' };
  return {
    'aws:PrincipalIsAWSService': 'false',
    'aws:ViaAWSService': 'false',
    'aws:SourceIp': '127.0.0.1',
    'aws:PrincipalAccount': caller.account,
    'aws:PrincipalType': principalTypes[caller.type],
    'aws:PrincipalArn': caller.roleArn ?? caller.arn,
    'aws:userid': caller.userId,
    'aws:username': caller.type === 'user' ? caller.arn.slice(caller.arn.lastIndexOf('/') + 1) : undefined,
    'aws:SourceIdentity': caller.sourceIdentity,
    // Only temporary credentials carry it, and no MFA devices are known here.
    'aws:MultiFactorAuthPresent': caller.accessKeyId?.startsWith('ASIA') ? 'false' : undefined,
  };
}
