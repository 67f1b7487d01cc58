import { AwsError } from '../../errors.ts';
import { notAuthorized, unsupported, wrongPassword } from './errors.ts';
import { required } from './initiate-auth.ts';
import { findUser } from './references.ts';
import { openSession, sessionOf } from './sessions.ts';
import { answerFor, mayTry, proven, type SignIn, type SignInAnswer, unknownUser } from './sign-in.ts';
import { countFailure } from './sign-in-attempts.ts';
import type { ChallengeResult, User } from './state.ts';
import { runTrigger, triggerAttributes } from './triggers.ts';

/** CUSTOM_AUTH: what the user is asked is for the pool's triggers to say ("Custom authentication challenge Lambda triggers"). */
export async function startCustomAuth(
  signIn: SignIn,
  username: string,
  parameters: Readonly<Record<string, string>>,
): Promise<SignInAnswer> {
  if (parameters['CHALLENGE_NAME'] === 'SRP_A') throw unsupported('CUSTOM_AUTH that begins with SRP_A');
  const user = findUser(signIn.pool, username);
  if (!user) throw unknownUser(signIn.client);
  await mayTry(signIn, user);
  return nextRound(signIn, user, []);
}

/** CUSTOM_CHALLENGE: the trigger says whether the answer is right; then the next round is defined. */
export async function answerCustomChallenge(
  signIn: SignIn,
  sessionId: string | undefined,
  responses: Readonly<Record<string, string>>,
): Promise<SignInAnswer> {
  const { cloud, pool, client, metadata } = signIn;
  const session = sessionOf(pool, client, sessionId, ['CUSTOM_CHALLENGE'], cloud.clock.now());
  const user = session.user === undefined ? undefined : pool.users.get(session.user);
  if (!user) throw notAuthorized('Invalid session for the user.');
  const challengeAnswer = required(responses, 'ANSWER');
  pool.sessions.delete(sessionId ?? '');
  const verdict = await trigger(signIn, user, 'VerifyAuthChallengeResponse', {
    request: {
      userAttributes: triggerAttributes(user),
      privateChallengeParameters: session.privateParameters ?? {},
      challengeAnswer,
      clientMetadata: metadata ?? {},
    },
    response: { answerCorrect: null },
  });
  const before = session.custom ?? [];
  const open = before.at(-1);
  const result: ChallengeResult = {
    challengeName: 'CUSTOM_CHALLENGE',
    ...open,
    challengeResult: verdict['answerCorrect'] === true,
  };
  return nextRound(signIn, user, [...before.slice(0, -1), result]);
}

async function nextRound(signIn: SignIn, user: User, rounds: readonly ChallengeResult[]): Promise<SignInAnswer> {
  const { cloud, pool, client, metadata } = signIn;
  const common = { userAttributes: triggerAttributes(user), session: rounds, clientMetadata: metadata ?? {} };
  const decision = await trigger(signIn, user, 'DefineAuthChallenge', {
    request: { ...common, userNotFound: false },
    response: { challengeName: null, issueTokens: null, failAuthentication: null },
  });
  if (decision['failAuthentication'] === true) {
    countFailure(user, cloud.clock.now());
    throw wrongPassword();
  }
  if (decision['issueTokens'] === true) {
    return answerFor(signIn, { ...proven(signIn, user), next: undefined });
  }
  if (decision['challengeName'] !== 'CUSTOM_CHALLENGE') {
    throw new AwsError(
      'InvalidLambdaResponseException',
      `Invalid challenge name '${String(decision['challengeName'])}'`,
    );
  }
  const created = await trigger(signIn, user, 'CreateAuthChallenge', {
    request: { ...common, challengeName: 'CUSTOM_CHALLENGE' },
    response: { publicChallengeParameters: null, privateChallengeParameters: null, challengeMetadata: null },
  });
  const texts = (value: unknown) => (value ?? {}) as Record<string, string>;
  const metadataOfRound = created['challengeMetadata'];
  const round: ChallengeResult = {
    challengeName: 'CUSTOM_CHALLENGE',
    challengeResult: false,
    ...(typeof metadataOfRound === 'string' && { challengeMetadata: metadataOfRound }),
  };
  const session = {
    user: user.name,
    challenge: 'CUSTOM_CHALLENGE',
    custom: [...rounds, round],
    privateParameters: texts(created['privateChallengeParameters']),
  };
  return {
    ChallengeName: 'CUSTOM_CHALLENGE',
    Session: openSession(pool, client, session, cloud.clock.now()),
    ChallengeParameters: { USERNAME: user.name, ...texts(created['publicChallengeParameters']) },
  };
}

async function trigger(
  { cloud, pool, client }: SignIn,
  user: User,
  name: 'DefineAuthChallenge' | 'CreateAuthChallenge' | 'VerifyAuthChallengeResponse',
  event: { readonly request: Record<string, unknown>; readonly response: Record<string, unknown> },
): Promise<Record<string, unknown>> {
  const source = `${name}_Authentication` as const;
  const response = await runTrigger(cloud, pool, source, { username: user.name, clientId: client.id, ...event });
  if (response) return response;
  throw new AwsError('InvalidParameterException', 'Custom auth lambda trigger is not configured for the user pool.');
}
