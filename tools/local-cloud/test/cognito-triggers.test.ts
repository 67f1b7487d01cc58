import {
  AdminCreateUserCommand,
  type AuthFlowType,
  ConfirmSignUpCommand,
  InitiateAuthCommand,
  type LambdaConfigType,
  RespondToAuthChallengeCommand,
  SignUpCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { AddPermissionCommand, CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { strToU8, zipSync } from 'fflate';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { messagesTo } from '../src/services/cognito-idp/outbox.ts';
import { type CognitoCloud, password, startCognitoCloud } from './cognito-support.ts';

let cloud: CognitoCloud;
beforeAll(async () => {
  cloud = await startCognitoCloud();
  const trust = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] });
  await cloud.client(IAMClient).send(new CreateRoleCommand({ RoleName: 'Trigger', AssumeRolePolicyDocument }));
  // One function answers every trigger: each environment is a process that takes its time to start.
  await newFunction('trigger', program);
});
afterAll(() => cloud.close());

const program = `
const answers = {
  PreSignUp_SignUp: ({ request }) => {
    if (request.userAttributes.email.endsWith('@evil.example')) throw new Error('not from there');
    return { autoConfirmUser: true, autoVerifyEmail: true };
  },
  PreAuthentication_Authentication: ({ userName }) => {
    if (userName === 'barred') throw new Error('barred today');
    return {};
  },
  CustomMessage_AdminCreateUser: () => ({ emailSubject: 'Welcome', emailMessage: 'Hi {username}: {####}' }),
  TokenGeneration_Authentication: ({ version, request }) =>
    version === '1'
      ? { claimsOverrideDetails: {
          claimsToAddOrOverride: { tier: 'gold', sub: 'forged' },
          groupOverrideDetails: { groupsToOverride: [...request.groupConfiguration.groupsToOverride, 'extra'] } } }
      : { claimsAndScopeOverrideDetails: {
          idTokenGeneration: { claimsToAddOrOverride: { tier: 'gold' }, claimsToSuppress: ['email'] },
          accessTokenGeneration: { claimsToAddOrOverride: { tenant: 'acme' }, scopesToAdd: ['orders/read'] } } },
  UserMigration_Authentication: ({ userName, request }) =>
    userName === 'old' && request.password === '${password}'
      ? { userAttributes: { email: 'old@example.com', email_verified: 'true' }, finalUserStatus: 'CONFIRMED' }
      : (() => { throw new Error('unknown'); })(),
  DefineAuthChallenge_Authentication: ({ request: { session } }) =>
    session.length === 0 ? { challengeName: 'CUSTOM_CHALLENGE', issueTokens: false, failAuthentication: false }
      : session.at(-1).challengeResult ? { issueTokens: true, failAuthentication: false }
      : session.length < 2 ? { challengeName: 'CUSTOM_CHALLENGE', issueTokens: false, failAuthentication: false }
      : { issueTokens: false, failAuthentication: true },
  CreateAuthChallenge_Authentication: () => ({
    publicChallengeParameters: { question: '6 x 7' }, privateChallengeParameters: { answer: '42' }, challengeMetadata: 'SUM' }),
  VerifyAuthChallengeResponse_Authentication: ({ request }) => ({
    answerCorrect: request.challengeAnswer === request.privateChallengeParameters.answer }),
};
export const handler = async (event) => {
  const answer = answers[event.triggerSource];
  return answer ? { ...event, response: { ...event.response, ...answer(event) } } : event;
};`;

async function newFunction(FunctionName: string, code: string): Promise<string> {
  const lambda = cloud.client(LambdaClient);
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Role: 'arn:aws:iam::000000000000:role/Trigger',
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Timeout: 30,
      Code: { ZipFile: zipSync({ 'index.mjs': strToU8(code) }) },
    }),
  );
  return arnOf(FunctionName);
}

const arnOf = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

/** A pool whose triggers are allowed to be what they are. */
async function poolWith(triggers: LambdaConfigType, names = ['trigger']) {
  const pool = await cloud.newPool({ LambdaConfig: triggers, AutoVerifiedAttributes: ['email'] });
  for (const FunctionName of names) {
    await cloud.client(LambdaClient).send(
      new AddPermissionCommand({
        FunctionName,
        StatementId: pool.replaceAll('_', '-'),
        Action: 'lambda:InvokeFunction',
        Principal: 'cognito-idp.amazonaws.com',
        SourceArn: `arn:aws:cognito-idp:us-east-1:000000000000:userpool/${pool}`,
      }),
    );
  }
  return { pool, ...(await cloud.newClient(pool)) };
}

const refused = (name: string, message: string) => expect.objectContaining({ name, message });

describe('a trigger', () => {
  test('before sign-up confirms users, or refuses them with its own words', async () => {
    const { ClientId } = await poolWith({ PreSignUp: arnOf('trigger'), PostConfirmation: arnOf('trigger') });
    const signUp = (Username: string, host: string) =>
      cloud.app.send(
        new SignUpCommand({
          ClientId,
          Username,
          Password: password,
          UserAttributes: [{ Name: 'email', Value: `${Username}@${host}` }],
        }),
      );
    expect((await signUp('ann', 'good.example')).UserConfirmed).toBe(true);
    expect((await cloud.signIn(ClientId, 'ann')).AuthenticationResult).toBeDefined();
    await expect(signUp('eve', 'evil.example')).rejects.toEqual(
      refused('UserLambdaValidationException', 'PreSignUp failed with error not from there.'),
    );
    const confirm = new ConfirmSignUpCommand({ ClientId, Username: 'eve', ConfirmationCode: '123456' });
    await expect(cloud.app.send(confirm)).rejects.toMatchObject({ name: 'UserNotFoundException' });
  });

  test('before authentication keeps somebody out who knows the password', async () => {
    const { pool, ClientId } = await poolWith({ PreAuthentication: arnOf('trigger') });
    await cloud.newUser(pool, 'barred');
    await expect(cloud.signIn(ClientId, 'barred')).rejects.toEqual(
      refused('UserLambdaValidationException', 'PreAuthentication failed with error barred today.'),
    );
  });

  test('before tokens are made changes claims, but none that say who somebody is', async () => {
    const { pool, ClientId } = await poolWith({ PreTokenGeneration: arnOf('trigger') });
    await cloud.newUser(pool, 'ann', [{ Name: 'email', Value: 'ann@example.com' }]);
    const first = (await cloud.signIn(ClientId, 'ann')).AuthenticationResult;
    const claims = decodeJwt(first?.IdToken as string);
    expect(claims).toMatchObject({ tier: 'gold', 'cognito:groups': ['extra'], email: 'ann@example.com' });
    expect(claims.sub).not.toBe('forged');

    const PreTokenGenerationConfig = { LambdaVersion: 'V2_0' as const, LambdaArn: arnOf('trigger') };
    const LambdaConfig = { PreTokenGenerationConfig };
    await cloud.admin.send(new UpdateUserPoolCommand({ UserPoolId: pool, LambdaConfig }));
    const second = (await cloud.signIn(ClientId, 'ann')).AuthenticationResult;
    expect(decodeJwt(second?.IdToken as string)).toMatchObject({ tier: 'gold' });
    expect(decodeJwt(second?.IdToken as string)['email']).toBeUndefined();
    expect(decodeJwt(second?.AccessToken as string)).toMatchObject({
      tenant: 'acme',
      scope: 'aws.cognito.signin.user.admin orders/read',
    });
  });

  test('writes the invitation', async () => {
    const { pool } = await poolWith({ CustomMessage: arnOf('trigger') });
    const UserAttributes = [{ Name: 'email', Value: 'carl@example.com' }];
    await cloud.admin.send(new AdminCreateUserCommand({ UserPoolId: pool, Username: 'carl', UserAttributes }));
    const message = messagesTo(cloud.cloud, 'carl@example.com').at(-1);
    expect(message).toMatchObject({ subject: 'Welcome', body: `Hi carl: ${message?.code}` });
  });

  test('brings users from elsewhere with the password they type', async () => {
    const { ClientId } = await poolWith({ UserMigration: arnOf('trigger') });
    await expect(cloud.signIn(ClientId, 'old', 'Wrong-Horse-1')).rejects.toMatchObject({
      name: 'UserNotFoundException',
    });
    const { AuthenticationResult } = await cloud.signIn(ClientId, 'old');
    expect(decodeJwt(AuthenticationResult?.IdToken as string)).toMatchObject({ email: 'old@example.com' });
  });

  test('asks questions of its own', async () => {
    const { pool, ClientId } = await poolWith({
      DefineAuthChallenge: arnOf('trigger'),
      CreateAuthChallenge: arnOf('trigger'),
      VerifyAuthChallengeResponse: arnOf('trigger'),
    });
    await cloud.newUser(pool, 'ann');
    const start = () =>
      cloud.app.send(
        new InitiateAuthCommand({
          ClientId,
          AuthFlow: 'CUSTOM_AUTH' as AuthFlowType,
          AuthParameters: { USERNAME: 'ann' },
        }),
      );
    const answer = (Session: string | undefined, ANSWER: string) =>
      cloud.app.send(
        new RespondToAuthChallengeCommand({
          ClientId,
          ChallengeName: 'CUSTOM_CHALLENGE',
          Session,
          ChallengeResponses: { USERNAME: 'ann', ANSWER },
        }),
      );
    const asked = await start();
    expect(asked.ChallengeParameters).toEqual({ USERNAME: 'ann', question: '6 x 7' });
    const again = await answer(asked.Session, '41');
    expect(again.ChallengeName).toBe('CUSTOM_CHALLENGE');
    expect((await answer(again.Session, '42')).AuthenticationResult?.IdToken).toBeDefined();
    const wrong = await answer((await start()).Session, '1');
    await expect(answer(wrong.Session, '2')).rejects.toEqual(
      refused('NotAuthorizedException', 'Incorrect username or password.'),
    );
  });

  test('that Cognito may not invoke stops the sign-in', async () => {
    const { pool, ClientId } = await poolWith({ PreAuthentication: arnOf('trigger') }, []);
    await cloud.newUser(pool, 'ann');
    await expect(cloud.signIn(ClientId, 'ann')).rejects.toEqual(
      refused('UnexpectedLambdaException', 'PreAuthentication invocation failed due to error AccessDeniedException.'),
    );
  });

  test('has five seconds, three times over', async () => {
    await newFunction('sleepy', 'export const handler = () => new Promise((done) => setTimeout(done, 600_000));');
    const { pool, ClientId } = await poolWith({ PreAuthentication: arnOf('sleepy') }, ['sleepy']);
    await cloud.newUser(pool, 'ann');
    const attempt = cloud.signIn(ClientId, 'ann').then(
      () => 'signed in',
      (error: Error) => `${error.name}: ${error.message}`,
    );
    let answer: string | undefined;
    void attempt.then((text) => {
      answer = text;
    });
    await vi.waitFor(async () => {
      await cloud.cloud.clock.advance(1_000);
      expect(answer).toBeDefined();
    }, 60_000);
    expect(answer).toBe('UnexpectedLambdaException: PreAuthentication invocation failed due to timeout.');
  });
});
