import type { AuthenticationResultType, ChallengeNameType } from '@aws-sdk/client-cognito-identity-provider';
import { AwsError } from '../../errors.ts';
import type { Cloud } from '../../service.ts';
import { invalidParameter, notAuthorized, userNotFound, wrongPassword } from './errors.ts';
import { newUser } from './new-user.ts';
import { isStale, knowsPassword, setPassword } from './passwords.ts';
import { findUser } from './references.ts';
import { openSession } from './sessions.ts';
import { checkLock, countFailure, forgetFailures } from './sign-in-attempts.ts';
import { keepsSecrets } from './sign-up.ts';
import type { AppClient, User, UserPool } from './state.ts';
import { issueTokens, newGrant, userAdminScope } from './tokens.ts';
import { runTrigger, triggerAttributes } from './triggers.ts';

/** One sign-in under way. */
export interface SignIn {
  readonly cloud: Cloud;
  readonly pool: UserPool;
  readonly client: AppClient;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** What the client is answered: tokens, or what the user is asked for next. */
export interface SignInAnswer {
  readonly AuthenticationResult?: AuthenticationResultType;
  readonly ChallengeName?: ChallengeNameType;
  readonly Session?: string;
  readonly ChallengeParameters: Record<string, string>;
}

/** Somebody who knows their password, and what is still asked of them. */
export interface Proven {
  readonly user: User;
  readonly next: 'NEW_PASSWORD_REQUIRED' | 'SOFTWARE_TOKEN_MFA' | 'MFA_SETUP' | undefined;
}

/** Name and password. Throws what Cognito answers when they don't fit, or the user can't sign in. */
export async function proveByPassword(signIn: SignIn, username: string, password: string): Promise<Proven> {
  const { cloud, pool, client } = signIn;
  const user = findUser(pool, username) ?? (await migrated(signIn, username, password));
  if (!user) throw unknownUser(client);
  await mayTry(signIn, user);
  if (!knowsPassword(pool, user, password)) {
    countFailure(user, cloud.clock.now());
    throw wrongPassword();
  }
  return proven(signIn, user);
}

/** What the client’s `PreventUserExistenceErrors` lets it say of a name nobody has. */
export function unknownUser(client: AppClient): AwsError {
  return keepsSecrets(client) ? wrongPassword() : userNotFound();
}

/** Before the password is looked at: the lock, the account, and the pre authentication trigger. */
export async function mayTry({ cloud, pool, client, metadata }: SignIn, user: User): Promise<void> {
  checkLock(user, cloud.clock.now());
  if (!user.enabled) throw notAuthorized('User is disabled.');
  if (user.status === 'RESET_REQUIRED') {
    throw new AwsError('PasswordResetRequiredException', 'Password reset required for the user');
  }
  await runTrigger(cloud, pool, 'PreAuthentication_Authentication', {
    username: user.name,
    clientId: client.id,
    request: { userAttributes: triggerAttributes(user), validationData: metadata ?? {}, userNotFound: false },
    response: {},
  });
}

/** After the password was right. */
export function proven({ cloud, pool }: SignIn, user: User): Proven {
  if (isStale(pool, user, cloud.clock.now())) {
    throw notAuthorized('Temporary password has expired and must be reset by an administrator.');
  }
  if (user.status === 'UNCONFIRMED') throw new AwsError('UserNotConfirmedException', 'User is not confirmed.');
  forgetFailures(user);
  if (user.status === 'FORCE_CHANGE_PASSWORD') return { user, next: 'NEW_PASSWORD_REQUIRED' };
  return { user, next: secondFactor(pool, user) };
}

/** What the pool wants beside the password. */
export function secondFactor(pool: UserPool, user: User): 'SOFTWARE_TOKEN_MFA' | 'MFA_SETUP' | undefined {
  if (pool.mfa === 'OFF') return undefined;
  if (user.mfaEnabled && user.totp?.verified) return 'SOFTWARE_TOKEN_MFA';
  return pool.mfa === 'ON' ? 'MFA_SETUP' : undefined;
}

/** The next question, or tokens when there is none. */
export async function answerFor(
  signIn: SignIn,
  { user, next }: Proven,
  reason = 'Authentication',
): Promise<SignInAnswer> {
  const { cloud, pool, client } = signIn;
  if (next === undefined)
    return { AuthenticationResult: await complete(signIn, user, reason), ChallengeParameters: {} };
  const Session = openSession(pool, client, { user: user.name, challenge: next }, cloud.clock.now());
  return { ChallengeName: next, Session, ChallengeParameters: parametersOf(pool, user, next) };
}

function parametersOf(
  pool: UserPool,
  user: User,
  challenge: Exclude<Proven['next'], undefined>,
): Record<string, string> {
  if (challenge === 'SOFTWARE_TOKEN_MFA') return { USER_ID_FOR_SRP: user.name, FRIENDLY_DEVICE_NAME: '' };
  if (challenge === 'MFA_SETUP') return { USER_ID_FOR_SRP: user.name, MFAS_CAN_SETUP: '["SOFTWARE_TOKEN_MFA"]' };
  const { sub: _, ...attributes } = Object.fromEntries(user.attributes);
  const missing = [...pool.schema.values()].filter(
    ({ Required, Name = '' }) => Required && Name !== 'sub' && !user.attributes.has(Name),
  );
  return {
    USER_ID_FOR_SRP: user.name,
    requiredAttributes: JSON.stringify(missing.map(({ Name }) => `userAttributes.${Name}`)),
    userAttributes: JSON.stringify(attributes),
  };
}

/** Everything was shown: the post authentication trigger runs, and tokens are given. */
async function complete(signIn: SignIn, user: User, reason: string): Promise<AuthenticationResultType> {
  await afterAuthentication(signIn, user);
  const context = { ...signIn, user, reason };
  return issueTokens(context, newGrant(context, [userAdminScope]), { withRefreshToken: true });
}

/** Runs the trigger `PostAuthentication`, whose error fails the sign-in. */
export async function afterAuthentication({ cloud, pool, client, metadata }: SignIn, user: User): Promise<void> {
  await runTrigger(cloud, pool, 'PostAuthentication_Authentication', {
    username: user.name,
    clientId: client.id,
    request: { userAttributes: triggerAttributes(user), newDeviceUsed: false, clientMetadata: metadata ?? {} },
    response: {},
  });
}

/** "Migrate user Lambda trigger": somebody the pool does not know is looked up elsewhere, with the password they typed. */
async function migrated(signIn: SignIn, username: string, password: string): Promise<User | undefined> {
  const { cloud, pool, client, metadata } = signIn;
  const response = await runTrigger(cloud, pool, 'UserMigration_Authentication', {
    username,
    clientId: client.id,
    request: { password, validationData: metadata ?? {}, clientMetadata: metadata ?? {} },
    response: {
      userAttributes: null,
      finalUserStatus: null,
      messageAction: null,
      desiredDeliveryMediums: null,
      forceAliasCreation: null,
    },
  }).catch((error: unknown) => {
    // A function that throws says that there is no such user.
    if (error instanceof AwsError && error.code === 'UserLambdaValidationException') return undefined;
    throw error;
  });
  const given = response?.['userAttributes'];
  if (typeof given !== 'object' || given === null) return undefined;
  const { username: _, ...attributes } = given as Record<string, string>;
  const unknown = Object.keys(attributes).find((name) => !pool.schema.has(name));
  if (unknown !== undefined)
    throw invalidParameter(
      `Attributes did not conform to the schema: ${unknown}: Attribute does not exist in the schema.\n`,
    );
  const user = newUser(pool, username, new Map(Object.entries(attributes)), cloud.clock.now());
  setPassword(pool, user, password, cloud.clock.now());
  user.status = response?.['finalUserStatus'] === 'RESET_REQUIRED' ? 'RESET_REQUIRED' : 'CONFIRMED';
  pool.users.set(user.name, user);
  return user;
}
