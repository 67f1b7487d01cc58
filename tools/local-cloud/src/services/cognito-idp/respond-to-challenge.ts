import type {
  AdminRespondToAuthChallengeCommandInput,
  AdminRespondToAuthChallengeCommandOutput,
  RespondToAuthChallengeCommandInput,
  RespondToAuthChallengeCommandOutput,
} from '@aws-sdk/client-cognito-identity-provider';
import { AwsError } from '../../errors.ts';
import { operation } from '../../service.ts';
import { changeAttributes } from './change-attributes.ts';
import { answerCustomChallenge } from './custom-auth.ts';
import { invalidParameter, notAuthorized, unsupported } from './errors.ts';
import { required } from './initiate-auth.ts';
import { setPassword } from './passwords.ts';
import { clientById, clientOf, findUser, forAnybody, onPool, poolOf } from './references.ts';
import { checkRequired } from './schema.ts';
import { checkSecretHash } from './secret-hash.ts';
import { sessionOf } from './sessions.ts';
import { answerFor, type SignIn, type SignInAnswer, secondFactor } from './sign-in.ts';
import { checkWritable } from './sign-up.ts';
import { answerPasswordVerifier } from './srp-challenge.ts';
import type { User } from './state.ts';
import { takesTotp } from './totp.ts';

type Responses = Readonly<Record<string, string>>;

export const respondToAuthChallenge = operation<
  RespondToAuthChallengeCommandInput,
  RespondToAuthChallengeCommandOutput
>({
  demands: forAnybody,
  async run(input, { cloud }) {
    const { pool, client } = clientById(cloud, input.ClientId);
    return respond({ cloud, pool, client, metadata: input.ClientMetadata }, input);
  },
});

export const adminRespondToAuthChallenge = operation<
  AdminRespondToAuthChallengeCommandInput,
  AdminRespondToAuthChallengeCommandOutput
>({
  demands: onPool('AdminRespondToAuthChallenge'),
  async run(input, call) {
    const pool = poolOf(input, call);
    const client = clientOf(pool, input.ClientId);
    return respond({ cloud: call.cloud, pool, client, metadata: input.ClientMetadata }, input);
  },
});

interface Given {
  readonly ChallengeName?: string | undefined;
  readonly Session?: string | undefined;
  readonly ChallengeResponses?: Responses | undefined;
}

async function respond(
  signIn: SignIn,
  { ChallengeName, Session, ChallengeResponses = {} }: Given,
): Promise<SignInAnswer> {
  checkSecretHash(signIn.client, required(ChallengeResponses, 'USERNAME'), ChallengeResponses['SECRET_HASH']);
  switch (ChallengeName) {
    case 'PASSWORD_VERIFIER':
      return answerPasswordVerifier(signIn, ChallengeResponses);
    case 'NEW_PASSWORD_REQUIRED':
      return chooseNewPassword(signIn, Session, ChallengeResponses);
    case 'SOFTWARE_TOKEN_MFA':
      return answerSoftwareToken(signIn, Session, ChallengeResponses);
    case 'MFA_SETUP':
      return finishSetup(signIn, Session, ChallengeResponses);
    case 'CUSTOM_CHALLENGE':
      return answerCustomChallenge(signIn, Session, ChallengeResponses);
    default:
      throw unsupported(`challenge ${ChallengeName}`);
  }
}

/** The temporary password is replaced, and attributes the pool wants are given along. */
async function chooseNewPassword(
  signIn: SignIn,
  sessionId: string | undefined,
  responses: Responses,
): Promise<SignInAnswer> {
  const { cloud, pool, client } = signIn;
  const user = userOfSession(signIn, sessionId, 'NEW_PASSWORD_REQUIRED', responses);
  const given = Object.entries(responses).flatMap(([key, Value]) =>
    key.startsWith('userAttributes.') ? [{ Name: key.slice('userAttributes.'.length), Value }] : [],
  );
  checkWritable(
    client,
    given.map(({ Name }) => Name),
  );
  checkRequired(pool, new Map([...user.attributes, ...given.map(({ Name, Value }) => [Name, Value] as const)]));
  const now = cloud.clock.now();
  setPassword(pool, user, required(responses, 'NEW_PASSWORD'), now);
  if (given.length > 0) changeAttributes(pool, user, given, now);
  user.status = 'CONFIRMED';
  user.modified = new Date(now);
  pool.sessions.delete(sessionId ?? '');
  return answerFor(signIn, { user, next: secondFactor(pool, user) }, 'NewPasswordChallenge');
}

async function answerSoftwareToken(
  signIn: SignIn,
  sessionId: string | undefined,
  responses: Responses,
): Promise<SignInAnswer> {
  const user = userOfSession(signIn, sessionId, 'SOFTWARE_TOKEN_MFA', responses);
  const code = required(responses, 'SOFTWARE_TOKEN_MFA_CODE');
  if (!user.totp?.verified) throw invalidParameter('User does not have software token MFA enabled.');
  if (!(await takesTotp(user.totp, code, signIn.cloud.clock.now()))) {
    throw new AwsError('CodeMismatchException', 'Invalid code received for user');
  }
  signIn.pool.sessions.delete(sessionId ?? '');
  return answerFor(signIn, { user, next: undefined });
}

/** The authenticator app was verified with VerifySoftwareToken. */
async function finishSetup(signIn: SignIn, sessionId: string | undefined, responses: Responses): Promise<SignInAnswer> {
  const user = userOfSession(signIn, sessionId, 'MFA_SETUP', responses);
  if (!user.totp?.verified) throw invalidParameter('User has not verified software token mfa');
  signIn.pool.sessions.delete(sessionId ?? '');
  return answerFor(signIn, { user, next: undefined });
}

function userOfSession(
  { cloud, pool, client }: SignIn,
  sessionId: string | undefined,
  challenge: string,
  responses: Responses,
): User {
  const session = sessionOf(pool, client, sessionId, [challenge], cloud.clock.now());
  const user = session.user === undefined ? undefined : pool.users.get(session.user);
  if (!user || findUser(pool, required(responses, 'USERNAME')) !== user)
    throw notAuthorized('Invalid session for the user.');
  if (!user.enabled) throw notAuthorized('User is disabled.');
  return user;
}
