import type { LambdaConfigType } from '@aws-sdk/client-cognito-identity-provider';
import type { InvokeCommandOutput } from '@aws-sdk/client-lambda';
import { AwsError } from '../../errors.ts';
import { serviceCaller } from '../../iam/service-caller.ts';
import type { Cloud } from '../../service.ts';
import type { User, UserPool } from './state.ts';

/**
 * "Customizing user pool workflows with Lambda triggers", Cognito Developer Guide: functions that are invoked while the
 * user waits. They have five seconds, and three attempts.
 */
const timeout = 5000;
const attempts = 3;

type Trigger = Exclude<
  keyof LambdaConfigType,
  'KMSKeyID' | 'PreTokenGenerationConfig' | 'CustomSMSSender' | 'CustomEmailSender' | 'InboundFederation'
>;

const triggerOf = {
  PreSignUp: 'PreSignUp',
  PostConfirmation: 'PostConfirmation',
  PreAuthentication: 'PreAuthentication',
  PostAuthentication: 'PostAuthentication',
  TokenGeneration: 'PreTokenGeneration',
  CustomMessage: 'CustomMessage',
  UserMigration: 'UserMigration',
  DefineAuthChallenge: 'DefineAuthChallenge',
  CreateAuthChallenge: 'CreateAuthChallenge',
  VerifyAuthChallengeResponse: 'VerifyAuthChallengeResponse',
} as const satisfies Record<string, Trigger>;

/** `PreSignUp_AdminCreateUser`: the trigger, and why it runs. */
export type TriggerSource = `${keyof typeof triggerOf}_${string}`;

export interface TriggerCall {
  readonly username: string;
  /** `CLIENT_ID_NOT_APPLICABLE` when an administrator's call is behind it. */
  readonly clientId: string | undefined;
  readonly request: Record<string, unknown>;
  /** What the function finds to fill in. */
  readonly response: Record<string, unknown>;
}

/**
 * Runs the pool's function for this event; `undefined` when it has none. Answers the event's `response`.
 *
 * Throws UserLambdaValidationException with what the function threw, UnexpectedLambdaException when it can't be
 * invoked or does not answer in time, InvalidLambdaResponseException when its answer is no event.
 */
export async function runTrigger(
  cloud: Cloud,
  pool: UserPool,
  source: TriggerSource,
  call: TriggerCall,
): Promise<Record<string, unknown> | undefined> {
  const trigger = triggerOf[source.slice(0, source.indexOf('_')) as keyof typeof triggerOf];
  const configured = functionOf(pool, trigger);
  if (!configured) return undefined;
  const event = {
    version: configured.version,
    region: pool.region,
    userPoolId: pool.id,
    userName: call.username,
    callerContext: {
      awsSdkVersion: 'aws-sdk-unknown-unknown',
      clientId: call.clientId ?? 'CLIENT_ID_NOT_APPLICABLE',
    },
    triggerSource: source,
    request: call.request,
    response: call.response,
  };
  const answer = await invoke(cloud, pool, configured.arn, trigger, event);
  const response = (answer as { response?: unknown } | null)?.response;
  if (typeof response !== 'object' || response === null) {
    throw new AwsError('InvalidLambdaResponseException', 'Unrecognizable lambda output');
  }
  return response as Record<string, unknown>;
}

/** The profile as triggers see it. */
export function triggerAttributes(user: User): Record<string, string> {
  return { ...Object.fromEntries(user.attributes), 'cognito:user_status': user.status };
}

function functionOf({ settings }: UserPool, trigger: Trigger): { arn: string; version: string } | undefined {
  const { LambdaConfig = {} } = settings;
  const configured = LambdaConfig.PreTokenGenerationConfig;
  if (trigger === 'PreTokenGeneration' && configured?.LambdaArn) {
    return { arn: configured.LambdaArn, version: configured.LambdaVersion?.slice(1, 2) ?? '1' };
  }
  const arn = LambdaConfig[trigger];
  return arn ? { arn, version: '1' } : undefined;
}

async function invoke(cloud: Cloud, pool: UserPool, arn: string, trigger: Trigger, event: object): Promise<unknown> {
  const caller = serviceCaller('cognito-idp.amazonaws.com', pool.account, pool.arn);
  const input = { FunctionName: arn, Payload: Buffer.from(JSON.stringify(event)) };
  const region = arn.split(':')[3] ?? pool.region;
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const answer = await inTime(
      cloud,
      () => cloud.call<InvokeCommandOutput>('lambda', 'Invoke', input, { caller, region }),
      trigger,
    );
    if (!answer) continue;
    const payload = JSON.parse(Buffer.from(answer.Payload ?? []).toString() || 'null');
    if (!answer.FunctionError) return payload;
    const message = (payload as { errorMessage?: string } | null)?.errorMessage ?? 'unknown';
    throw new AwsError('UserLambdaValidationException', `${trigger} failed with error ${message}.`);
  }
  throw new AwsError('UnexpectedLambdaException', `${trigger} invocation failed due to timeout.`);
}

/** `undefined` when the function takes too long. */
async function inTime<T>(cloud: Cloud, run: () => Promise<T>, trigger: Trigger): Promise<T | undefined> {
  const done = new AbortController();
  const late = cloud.clock.sleep(timeout, done.signal).then(
    () => undefined,
    () => undefined,
  );
  const answer = run().catch((error: unknown) => {
    if (!(error instanceof AwsError)) throw error;
    throw new AwsError('UnexpectedLambdaException', `${trigger} invocation failed due to error ${error.code}.`);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    done.abort();
    answer.catch(() => undefined);
  }
}
