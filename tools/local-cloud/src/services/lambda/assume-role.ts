import { AwsError } from '../../errors.ts';
import type { Caller, Cloud, Credentials } from '../../service.ts';
import { invalidParameter } from './errors.ts';
import type { LambdaFunction } from './state.ts';

const message = 'The role defined for the function cannot be assumed by Lambda.';

/** Throws InvalidParameterValueException unless Lambda may take the role. */
export async function checkRole(cloud: Cloud, roleArn: string, functionName: string): Promise<void> {
  await takeRole(cloud, roleArn, functionName).catch((error) => {
    throw error instanceof AwsError ? invalidParameter(message) : error;
  });
}

/** Credentials of a function's role for one environment. Throws AccessDeniedException when it is gone by now. */
export async function functionRole(
  cloud: Cloud,
  found: LambdaFunction,
  roleArn: string,
): Promise<{ credentials: Credentials; caller: Caller }> {
  return takeRole(cloud, roleArn, found.name).catch((error) => {
    throw error instanceof AwsError ? new AwsError('AccessDeniedException', message, { status: 403 }) : error;
  });
}

function takeRole(cloud: Cloud, roleArn: string, functionName: string) {
  // AWS names the session after the function; the name of a session has at least two characters, a function's may have one.
  return cloud.assumeRole(roleArn, functionName.padEnd(2, '_'), 'lambda.amazonaws.com');
}
