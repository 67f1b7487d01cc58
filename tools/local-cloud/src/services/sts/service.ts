import type { GetCallerIdentityCommandInput, GetCallerIdentityCommandOutput } from '@aws-sdk/client-sts';
import { operation, type Service } from '../../service.ts';
import { assumeRole } from './assume-role.ts';
import { assumeRoleWithWebIdentity } from './assume-role-with-web-identity.ts';
import { getSessionToken } from './get-session-token.ts';

/** AWS Security Token Service: who is calling, and temporary credentials. */
export const sts: Service = {
  name: 'sts',
  model: () => import('@aws-sdk/client-sts'),
  xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  unsigned: ['AssumeRoleWithWebIdentity'],
  operations: {
    GetCallerIdentity: operation<GetCallerIdentityCommandInput, GetCallerIdentityCommandOutput>({
      // "No permissions are required", even when a policy denies it (GetCallerIdentity, AWS STS API Reference).
      demands: () => [],
      run: (_input, { caller }) => ({ UserId: caller.userId, Account: caller.account, Arn: caller.arn }),
    }),
    AssumeRole: assumeRole,
    AssumeRoleWithWebIdentity: assumeRoleWithWebIdentity,
    GetSessionToken: getSessionToken,
  },
};
