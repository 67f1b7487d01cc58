import { createHash, randomBytes } from 'node:crypto';
import { invalidParameter, wrongPassword } from './errors.ts';
import { required } from './initiate-auth.ts';
import { nameOf } from './passwords.ts';
import { findUser } from './references.ts';
import { openSession, sessionOf } from './sessions.ts';
import { answerFor, mayTry, proven, type SignIn, type SignInAnswer, unknownUser } from './sign-in.ts';
import { checkLock, countFailure } from './sign-in-attempts.ts';
import { keepsSecrets } from './sign-up.ts';
import { isPublicValue, newVerifier, type PasswordVerifier, provesPassword, startHandshake } from './srp.ts';

/** USER_SRP_AUTH, first step: what the client needs to show that it knows the password without sending it. */
export async function startSrp(signIn: SignIn, username: string, a: string): Promise<SignInAnswer> {
  const { cloud, pool, client } = signIn;
  if (!isPublicValue(a)) throw invalidParameter('SRP_A is not a valid public value.');
  const user = findUser(pool, username);
  if (!user && !keepsSecrets(client)) throw unknownUser(client);
  if (user) checkLock(user, cloud.clock.now());
  const verifier = user?.password ?? pretendedVerifier(nameOf(pool), username);
  const { b, B } = startHandshake(verifier);
  const secretBlock = randomBytes(256).toString('base64');
  const session = { user: user?.name, challenge: 'PASSWORD_VERIFIER', srp: { secretBlock, a, b } };
  // The client repeats the secret block: it is what the handshake is found by.
  openSession(pool, client, session, cloud.clock.now(), secretBlock);
  const name = user?.name ?? username;
  return {
    ChallengeName: 'PASSWORD_VERIFIER',
    ChallengeParameters: {
      SALT: verifier.salt,
      SECRET_BLOCK: secretBlock,
      SRP_B: B,
      USERNAME: name,
      USER_ID_FOR_SRP: name,
    },
  };
}

/** PASSWORD_VERIFIER: the client's signature over the handshake. */
export async function answerPasswordVerifier(
  signIn: SignIn,
  responses: Readonly<Record<string, string>>,
): Promise<SignInAnswer> {
  const { cloud, pool, client } = signIn;
  const secretBlock = required(responses, 'PASSWORD_CLAIM_SECRET_BLOCK');
  const signature = required(responses, 'PASSWORD_CLAIM_SIGNATURE');
  const timestamp = required(responses, 'TIMESTAMP');
  const session = sessionOf(pool, client, secretBlock, ['PASSWORD_VERIFIER'], cloud.clock.now());
  pool.sessions.delete(secretBlock);
  const user = session.user === undefined ? undefined : pool.users.get(session.user);
  if (!user?.password || !session.srp) throw wrongPassword();
  await mayTry(signIn, user);
  const proof = { poolName: nameOf(pool), username: user.name, secretBlock, timestamp, signature };
  if (!provesPassword(user.password, session.srp, proof)) {
    countFailure(user, cloud.clock.now());
    throw wrongPassword();
  }
  return answerFor(signIn, proven(signIn, user));
}

/** The same salt for the same name each time, as a user who exists has. */
function pretendedVerifier(poolName: string, username: string): PasswordVerifier {
  const { verifier } = newVerifier(poolName, username, randomBytes(16).toString('hex'));
  return { verifier, salt: createHash('sha256').update(`${poolName}${username}`).digest('hex').slice(0, 32) };
}
