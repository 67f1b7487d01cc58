import type { GetSessionTokenCommandInput, GetSessionTokenCommandOutput } from '@aws-sdk/client-sts';
import { AwsError } from '../../errors.ts';
import { issueSession } from '../../iam/credentials.ts';
import { operation } from '../../service.ts';
import { credentialsOutput } from './credentials-output.ts';

/** "GetSessionToken", AWS STS API Reference: seconds, for users and for the root user. */
const limits = { shortest: 900, longest: 129_600, default: 43_200, rootLongest: 3600 };

export const getSessionToken = operation<GetSessionTokenCommandInput, GetSessionTokenCommandOutput>({
  // "No permissions are required for users to perform this operation."
  demands: () => [],
  run(input, { cloud, caller }) {
    if (caller.type === 'role' || caller.accessKeyId?.startsWith('ASIA')) {
      throw new AwsError('AccessDenied', 'Cannot call GetSessionToken with session credentials', { status: 403 });
    }
    if (input.SerialNumber !== undefined || input.TokenCode !== undefined) {
      throw new AwsError(
        'NotImplementedException',
        "The embedded cloud's GetSessionToken knows no MFA devices; leave SerialNumber and TokenCode out.",
        { status: 501 },
      );
    }
    const { credentials } = issueSession(cloud, caller, secondsOf(input.DurationSeconds, caller.type === 'root'));
    return { Credentials: credentialsOutput(credentials) };
  },
});

function secondsOf(asked: number | undefined, isRoot: boolean): number {
  const seconds = asked ?? limits.default;
  if (seconds < limits.shortest || seconds > limits.longest) {
    const bound =
      seconds < limits.shortest
        ? `greater than or equal to ${limits.shortest}`
        : `less than or equal to ${limits.longest}`;
    throw new AwsError(
      'ValidationError',
      `1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value ${bound}`,
      { status: 400 },
    );
  }
  return isRoot ? Math.min(seconds, limits.rootLongest) : seconds;
}
