import type {
  GetUserPoolMfaConfigCommandInput,
  GetUserPoolMfaConfigCommandOutput,
  SetUserPoolMfaConfigCommandInput,
  SetUserPoolMfaConfigCommandOutput,
} from '@aws-sdk/client-cognito-identity-provider';
import { oneOf } from '../../constraints.ts';
import { operation } from '../../service.ts';
import { invalidParameter, unsupported, validate } from './errors.ts';
import { onPool, poolOf } from './references.ts';
import type { UserPool } from './state.ts';

/** Authenticator apps are the second factor the embedded cloud has; messages with codes and passkeys are refused. */
export const setUserPoolMfaConfig = operation<SetUserPoolMfaConfigCommandInput, SetUserPoolMfaConfigCommandOutput>({
  demands: onPool('SetUserPoolMfaConfig'),
  run(input, call) {
    const pool = poolOf(input, call);
    validate(oneOf('mfaConfiguration', input.MfaConfiguration, ['OFF', 'ON', 'OPTIONAL']));
    for (const name of ['SmsMfaConfiguration', 'EmailMfaConfiguration', 'WebAuthnConfiguration'] as const) {
      if (input[name] !== undefined) throw unsupported(name);
    }
    const mfa = input.MfaConfiguration ?? 'OFF';
    const softwareToken = input.SoftwareTokenMfaConfiguration?.Enabled ?? false;
    if (mfa !== 'OFF' && !softwareToken) {
      throw invalidParameter("Invalid MFA configuration given, can't turn on MFA without an MFA factor.");
    }
    pool.mfa = mfa;
    pool.softwareTokenMfa = softwareToken;
    return answer(pool);
  },
});

export const getUserPoolMfaConfig = operation<GetUserPoolMfaConfigCommandInput, GetUserPoolMfaConfigCommandOutput>({
  demands: onPool('GetUserPoolMfaConfig'),
  run: (input, call) => answer(poolOf(input, call)),
});

function answer(pool: UserPool) {
  return {
    ...(pool.softwareTokenMfa && { SoftwareTokenMfaConfiguration: { Enabled: true } }),
    MfaConfiguration: pool.mfa,
  };
}
