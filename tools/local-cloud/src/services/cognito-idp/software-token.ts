import type {
  AdminSetUserMFAPreferenceCommandInput,
  AdminSetUserMFAPreferenceCommandOutput,
  AssociateSoftwareTokenCommandInput,
  AssociateSoftwareTokenCommandOutput,
  SetUserMFAPreferenceCommandInput,
  SetUserMFAPreferenceCommandOutput,
  SoftwareTokenMfaSettingsType,
  VerifySoftwareTokenCommandInput,
  VerifySoftwareTokenCommandOutput,
} from '@aws-sdk/client-cognito-identity-provider';
import { generateSecret } from 'otplib';
import { AwsError } from '../../errors.ts';
import type { Cloud } from '../../service.ts';
import { operation } from '../../service.ts';
import { holderOf } from './access-token.ts';
import { invalidParameter, notAuthorized, unsupported } from './errors.ts';
import { forAnybody, onPool, poolOf, userOf } from './references.ts';
import { type AuthSession, allPools, type User, type UserPool } from './state.ts';
import { takesTotp } from './totp.ts';

interface Given {
  readonly AccessToken?: string | undefined;
  readonly Session?: string | undefined;
}

/** Who sets up an authenticator app: somebody signed in, or in the middle of it (MFA_SETUP). */
interface Setup {
  readonly pool: UserPool;
  readonly user: User;
  readonly sessionId: string | undefined;
}

async function setupOf(cloud: Cloud, { AccessToken, Session }: Given): Promise<Setup> {
  if (AccessToken !== undefined) {
    const { pool, user } = await holderOf(cloud, AccessToken);
    return { pool, user, sessionId: undefined };
  }
  if (Session === undefined) throw invalidParameter('Only one of AccessToken or Session is required.');
  for (const pool of allPools(cloud)) {
    const session = pool.sessions.get(Session);
    const user = isSetup(session) ? pool.users.get(session.user) : undefined;
    if (!session || !user) continue;
    if (session.expires <= cloud.clock.now()) break;
    return { pool, user, sessionId: Session };
  }
  throw notAuthorized('Invalid session for the user.');
}

function isSetup(session: AuthSession | undefined): session is AuthSession & { user: string } {
  return session?.challenge === 'MFA_SETUP' && session.user !== undefined;
}

/** A new secret for an authenticator app. It counts when a code of it was verified. */
export const associateSoftwareToken = operation<
  AssociateSoftwareTokenCommandInput,
  AssociateSoftwareTokenCommandOutput
>({
  demands: forAnybody,
  async run(input, { cloud }) {
    const { pool, user, sessionId } = await setupOf(cloud, input);
    if (!pool.softwareTokenMfa) {
      throw new AwsError(
        'SoftwareTokenMFANotFoundException',
        'Software Token MFA has not been enabled by the userPool',
      );
    }
    const secret = generateSecret({ length: 32 });
    const session = sessionId === undefined ? undefined : pool.sessions.get(sessionId);
    if (sessionId !== undefined && session) pool.sessions.set(sessionId, { ...session, totpSecret: secret });
    else if (!user.totp?.verified) user.totp = { secret, verified: false, lastStep: 0 };
    else user.pendingTotp = secret;
    return { SecretCode: secret, ...(sessionId !== undefined && { Session: sessionId }) };
  },
});

export const verifySoftwareToken = operation<VerifySoftwareTokenCommandInput, VerifySoftwareTokenCommandOutput>({
  demands: forAnybody,
  async run(input, { cloud }) {
    const { pool, user, sessionId } = await setupOf(cloud, input);
    const session = sessionId === undefined ? undefined : pool.sessions.get(sessionId);
    const secret = sessionId === undefined ? (user.pendingTotp ?? user.totp?.secret) : session?.totpSecret;
    if (secret === undefined) throw invalidParameter('A software token has not been associated.');
    const totp = { secret, verified: true, lastStep: 0 };
    if (!(await takesTotp(totp, input.UserCode ?? '', cloud.clock.now()))) {
      throw new AwsError('EnableSoftwareTokenMFAException', 'Code mismatch');
    }
    user.totp = totp;
    user.pendingTotp = undefined;
    // Who sets it up because the pool wants it uses it from now on; who is signed in says so with SetUserMFAPreference.
    if (sessionId !== undefined) Object.assign(user, { mfaEnabled: true, mfaPreferred: true });
    return { Status: 'SUCCESS', ...(sessionId !== undefined && { Session: sessionId }) };
  },
});

export const setUserMFAPreference = operation<SetUserMFAPreferenceCommandInput, SetUserMFAPreferenceCommandOutput>({
  demands: forAnybody,
  async run(input, { cloud }) {
    const { user } = await holderOf(cloud, input.AccessToken);
    setPreference(user, input);
    return {};
  },
});

export const adminSetUserMFAPreference = operation<
  AdminSetUserMFAPreferenceCommandInput,
  AdminSetUserMFAPreferenceCommandOutput
>({
  demands: onPool('AdminSetUserMFAPreference'),
  run(input, call) {
    setPreference(userOf(poolOf(input, call), input.Username), input);
    return {};
  },
});

interface Preference {
  readonly SoftwareTokenMfaSettings?: SoftwareTokenMfaSettingsType | undefined;
  readonly SMSMfaSettings?: unknown;
  readonly EmailMfaSettings?: unknown;
}

function setPreference(
  user: User,
  { SoftwareTokenMfaSettings: given, SMSMfaSettings, EmailMfaSettings }: Preference,
): void {
  if (SMSMfaSettings || EmailMfaSettings) throw unsupported('second factor by SMS or email');
  if (!given) return;
  if (given.Enabled && !user.totp?.verified) {
    throw invalidParameter('User has not verified software token mfa');
  }
  user.mfaEnabled = given.Enabled ?? false;
  user.mfaPreferred = user.mfaEnabled && (given.PreferredMfa ?? false);
}
