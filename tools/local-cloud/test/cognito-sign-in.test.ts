import {
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminGetUserCommand,
  AdminInitiateAuthCommand,
  AdminRespondToAuthChallengeCommand,
  AdminUserGlobalSignOutCommand,
  AssociateSoftwareTokenCommand,
  ChangePasswordCommand,
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  ForgotPasswordCommand,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
  GlobalSignOutCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  RevokeTokenCommand,
  SetUserPoolMfaConfigCommand,
  SignUpCommand,
  UpdateUserAttributesCommand,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { CognitoJwtVerifier } from 'aws-jwt-verify';
import {
  createPasswordHash,
  createSecretHash,
  createSrpSession,
  signSrpSession,
  wrapAuthChallenge,
  wrapInitiateAuth,
} from 'cognito-srp-helper';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { generate } from 'otplib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { messagesTo } from '../src/services/cognito-idp/outbox.ts';
import { type CognitoCloud, password, startCognitoCloud } from './cognito-support.ts';

let cloud: CognitoCloud;
beforeAll(async () => {
  cloud = await startCognitoCloud();
});
afterAll(() => cloud.close());

const refused = (name: string, message: string) => expect.objectContaining({ name, message });
const incorrect = refused('NotAuthorizedException', 'Incorrect username or password.');
const lastCode = (address: string) => messagesTo(cloud.cloud, address).at(-1)?.code as string;

describe('tokens', () => {
  test('are verified by aws-jwt-verify as those of AWS, with keys read from the endpoint', async () => {
    const pool = await cloud.newPool({ Schema: [{ Name: 'tenant_id', AttributeDataType: 'String', Mutable: false }] });
    const attributes = ['email', 'email_verified', 'custom:tenant_id'];
    const { ClientId } = await cloud.newClient(pool, { ReadAttributes: attributes });
    await cloud.newUser(pool, 'ann', [
      { Name: 'email', Value: 'ann@example.com' },
      { Name: 'email_verified', Value: 'true' },
      { Name: 'custom:tenant_id', Value: 'acme' },
    ]);
    const { AuthenticationResult: tokens } = await cloud.signIn(ClientId, 'ann');
    const keys = await fetch(`${cloud.endpoint}/${pool}/.well-known/jwks.json`).then((answer) => answer.json());
    expect((keys as { keys: unknown[] }).keys).toHaveLength(2);

    const id = CognitoJwtVerifier.create({ userPoolId: pool, clientId: ClientId, tokenUse: 'id' });
    id.cacheJwks(keys as never);
    const claims = await id.verify(tokens?.IdToken as string);
    expect(claims).toMatchObject({
      iss: `https://cognito-idp.us-east-1.amazonaws.com/${pool}`,
      aud: ClientId,
      token_use: 'id',
      'cognito:username': 'ann',
      'custom:tenant_id': 'acme',
      email: 'ann@example.com',
      email_verified: true,
    });
    expect(claims.exp - claims.iat).toBe(3600);
    const access = CognitoJwtVerifier.create({ userPoolId: pool, clientId: ClientId, tokenUse: 'access' });
    access.cacheJwks(keys as never);
    const seen = await access.verify(tokens?.AccessToken as string);
    expect(seen).toMatchObject({ client_id: ClientId, username: 'ann', scope: 'aws.cognito.signin.user.admin' });
    expect(seen.sub).toBe(claims.sub);
    expect(seen['origin_jti']).toBe(claims.origin_jti);
    expect(seen.jti).not.toBe(claims.jti);
    expect(decodeProtectedHeader(tokens?.IdToken as string).kid).not.toBe(
      decodeProtectedHeader(tokens?.AccessToken as string).kid,
    );
    await expect(access.verify(tokens?.IdToken as string)).rejects.toThrow('Token use not allowed');
  });

  test('are refreshed with their sign-in, and void after sign-out', async () => {
    const pool = await cloud.newPool();
    const { ClientId } = await cloud.newClient(pool);
    await cloud.newUser(pool, 'ann');
    const first = (await cloud.signIn(ClientId, 'ann')).AuthenticationResult;
    const REFRESH_TOKEN = first?.RefreshToken as string;
    const refresh = () =>
      cloud.app.send(
        new InitiateAuthCommand({ ClientId, AuthFlow: 'REFRESH_TOKEN_AUTH', AuthParameters: { REFRESH_TOKEN } }),
      );
    await cloud.cloud.clock.advance(3_601_000);
    const getUser = (AccessToken: string | undefined) => cloud.app.send(new GetUserCommand({ AccessToken }));
    await expect(getUser(first?.AccessToken)).rejects.toEqual(
      refused('NotAuthorizedException', 'Access Token has expired'),
    );
    const second = (await refresh()).AuthenticationResult;
    expect(second?.RefreshToken).toBeUndefined();
    const [before, now] = [first?.IdToken, second?.IdToken].map((token) => decodeJwt(token as string));
    expect(now?.['auth_time']).toBe(before?.['auth_time']);
    expect(now?.['origin_jti']).toBe(before?.['origin_jti']);
    expect((await getUser(second?.AccessToken)).Username).toBe('ann');

    await cloud.app.send(new GlobalSignOutCommand({ AccessToken: second?.AccessToken }));
    await expect(getUser(second?.AccessToken)).rejects.toEqual(
      refused('NotAuthorizedException', 'Access Token has been revoked'),
    );
    await expect(refresh()).rejects.toEqual(refused('NotAuthorizedException', 'Refresh Token has been revoked'));
  });

  test('of one sign-in are void after RevokeToken, those of another are not', async () => {
    const pool = await cloud.newPool();
    const { ClientId } = await cloud.newClient(pool);
    await cloud.newUser(pool, 'ann');
    const [one, two] = await Promise.all([cloud.signIn(ClientId, 'ann'), cloud.signIn(ClientId, 'ann')]);
    await cloud.app.send(new RevokeTokenCommand({ ClientId, Token: one.AuthenticationResult?.RefreshToken }));
    const { AccessToken } = one.AuthenticationResult ?? {};
    await expect(cloud.app.send(new GetUserCommand({ AccessToken }))).rejects.toEqual(
      refused('NotAuthorizedException', 'Access Token has been revoked'),
    );
    const other = two.AuthenticationResult?.AccessToken;
    expect((await cloud.app.send(new GetUserCommand({ AccessToken: other }))).Username).toBe('ann');
    await cloud.admin.send(new AdminUserGlobalSignOutCommand({ UserPoolId: pool, Username: 'ann' }));
    await expect(cloud.app.send(new GetUserCommand({ AccessToken: other }))).rejects.toEqual(
      refused('NotAuthorizedException', 'Access Token has been revoked'),
    );
  });

  test('rotate with each refresh where the client wants that', async () => {
    const pool = await cloud.newPool();
    const { ClientId } = await cloud.newClient(pool, {
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
      RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 10 },
    });
    await cloud.newUser(pool, 'ann');
    const RefreshToken = (await cloud.signIn(ClientId, 'ann')).AuthenticationResult?.RefreshToken;
    const refresh = (token: string | undefined) =>
      cloud.app.send(new GetTokensFromRefreshTokenCommand({ ClientId, RefreshToken: token }));
    const next = (await refresh(RefreshToken)).AuthenticationResult?.RefreshToken;
    expect(next).not.toBe(RefreshToken);
    await refresh(RefreshToken);
    await cloud.cloud.clock.advance(11_000);
    await expect(refresh(RefreshToken)).rejects.toMatchObject({ name: 'RefreshTokenReuseException' });
    expect((await refresh(next)).AuthenticationResult?.AccessToken).toBeDefined();
  });
});

describe('a sign-in', () => {
  test('with SRP, by a client library, never sends the password', async () => {
    const pool = await cloud.newPool();
    const { ClientId, ClientSecret } = await cloud.newClient(pool, { GenerateSecret: true });
    await cloud.newUser(pool, 'ann');
    const attempt = async (given: string) => {
      const secretHash = createSecretHash('ann', ClientId, ClientSecret as string);
      const session = createSrpSession('ann', createPasswordHash('ann', given, pool), pool);
      const request = { ClientId, AuthFlow: 'USER_SRP_AUTH', AuthParameters: { SECRET_HASH: secretHash } };
      const started = await cloud.app.send(
        new InitiateAuthCommand(
          wrapInitiateAuth(session, {
            ...request,
            AuthParameters: { ...request.AuthParameters, USERNAME: 'ann' },
          } as never) as never,
        ),
      );
      expect(started.ChallengeName).toBe('PASSWORD_VERIFIER');
      const signed = signSrpSession(session, started as never);
      return cloud.app.send(
        new RespondToAuthChallengeCommand(
          wrapAuthChallenge(signed, {
            ClientId,
            ChallengeName: 'PASSWORD_VERIFIER',
            ChallengeResponses: { SECRET_HASH: secretHash, USERNAME: 'ann' },
          } as never) as never,
        ),
      );
    };
    for (let round = 0; round < 4; round++) {
      expect((await attempt(password)).AuthenticationResult?.IdToken).toBeDefined();
    }
    await expect(attempt('Wrong-Horse-1')).rejects.toEqual(incorrect);
  });

  test('with a temporary password asks for another first', async () => {
    const pool = await cloud.newPool();
    const { ClientId } = await cloud.newClient(pool);
    const address = { Name: 'email', Value: 'bob@example.com' };
    await cloud.admin.send(
      new AdminCreateUserCommand({ UserPoolId: pool, Username: 'bob', UserAttributes: [address] }),
    );
    const message = messagesTo(cloud.cloud, 'bob@example.com').at(-1);
    expect(message?.body).toBe(`Your username is bob and temporary password is ${message?.code}.`);
    const started = await cloud.admin.send(
      new AdminInitiateAuthCommand({
        UserPoolId: pool,
        ClientId,
        AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: 'bob', PASSWORD: message?.code as string },
      }),
    );
    expect(started).toMatchObject({
      ChallengeName: 'NEW_PASSWORD_REQUIRED',
      ChallengeParameters: { USER_ID_FOR_SRP: 'bob', requiredAttributes: '[]' },
    });
    const answer = (NEW_PASSWORD: string) =>
      cloud.admin.send(
        new AdminRespondToAuthChallengeCommand({
          UserPoolId: pool,
          ClientId,
          ChallengeName: 'NEW_PASSWORD_REQUIRED',
          Session: started.Session,
          ChallengeResponses: { USERNAME: 'bob', NEW_PASSWORD },
        }),
      );
    await expect(answer('short')).rejects.toEqual(
      refused('InvalidPasswordException', 'Password did not conform with policy: Password not long enough'),
    );
    expect((await answer(password)).AuthenticationResult?.IdToken).toBeDefined();
    await expect(answer(password)).rejects.toEqual(refused('NotAuthorizedException', 'Invalid session for the user.'));
    const user = await cloud.admin.send(new AdminGetUserCommand({ UserPoolId: pool, Username: 'bob' }));
    expect(user.UserStatus).toBe('CONFIRMED');
  });

  test('with a temporary password is refused when that is a week old', async () => {
    const pool = await cloud.newPool();
    const { ClientId } = await cloud.newClient(pool);
    const create = { UserPoolId: pool, Username: 'bob', TemporaryPassword: password };
    await cloud.admin.send(new AdminCreateUserCommand(create));
    await cloud.cloud.clock.advance(7 * 86_400_000 + 1000);
    await expect(cloud.signIn(ClientId, 'bob')).rejects.toEqual(
      refused('NotAuthorizedException', 'Temporary password has expired and must be reset by an administrator.'),
    );
  });

  test('is locked out after five wrong passwords, for twice as long each time', async () => {
    const pool = await cloud.newPool();
    const { ClientId } = await cloud.newClient(pool);
    await cloud.newUser(pool, 'ann');
    const exceeded = refused('NotAuthorizedException', 'Password attempts exceeded');
    for (let n = 0; n < 5; n++) await expect(cloud.signIn(ClientId, 'ann', 'Wrong-1')).rejects.toEqual(incorrect);
    await cloud.cloud.clock.advance(1_000);
    await expect(cloud.signIn(ClientId, 'ann', 'Wrong-1')).rejects.toEqual(incorrect);
    await expect(cloud.signIn(ClientId, 'ann')).rejects.toEqual(exceeded);
    await cloud.cloud.clock.advance(2_000);
    expect((await cloud.signIn(ClientId, 'ann')).AuthenticationResult).toBeDefined();
  });

  test('does not tell who is there when the client keeps that secret', async () => {
    const pool = await cloud.newPool();
    const told = await cloud.newClient(pool);
    const secret = await cloud.newClient(pool, { PreventUserExistenceErrors: 'ENABLED' });
    await expect(cloud.signIn(told.ClientId, 'nobody')).rejects.toEqual(
      refused('UserNotFoundException', 'User does not exist.'),
    );
    await expect(cloud.signIn(secret.ClientId, 'nobody')).rejects.toEqual(incorrect);
    const sent = await cloud.app.send(new ForgotPasswordCommand({ ClientId: secret.ClientId, Username: 'nobody' }));
    expect(sent.CodeDeliveryDetails?.DeliveryMedium).toBe('EMAIL');
  });

  test('of somebody disabled is refused, and what they hold is void', async () => {
    const pool = await cloud.newPool();
    const { ClientId } = await cloud.newClient(pool);
    await cloud.newUser(pool, 'ann');
    const { AccessToken } = (await cloud.signIn(ClientId, 'ann')).AuthenticationResult ?? {};
    await cloud.admin.send(new AdminDisableUserCommand({ UserPoolId: pool, Username: 'ann' }));
    await expect(cloud.signIn(ClientId, 'ann')).rejects.toEqual(refused('NotAuthorizedException', 'User is disabled.'));
    await expect(cloud.app.send(new GetUserCommand({ AccessToken }))).rejects.toThrow('revoked');
  });

  test('sets up an authenticator app where the pool wants one, and asks for its codes from then on', async () => {
    const pool = await cloud.newPool();
    await cloud.admin.send(
      new SetUserPoolMfaConfigCommand({
        UserPoolId: pool,
        MfaConfiguration: 'ON',
        SoftwareTokenMfaConfiguration: { Enabled: true },
      }),
    );
    const { ClientId } = await cloud.newClient(pool);
    await cloud.newUser(pool, 'ann');
    const started = await cloud.signIn(ClientId, 'ann');
    expect(started.ChallengeName).toBe('MFA_SETUP');
    const associated = await cloud.app.send(new AssociateSoftwareTokenCommand({ Session: started.Session }));
    const secret = associated.SecretCode as string;
    const code = () => generate({ secret, epoch: Math.floor(cloud.cloud.clock.now() / 1000) });
    const verify = (UserCode: string) =>
      cloud.app.send(new VerifySoftwareTokenCommand({ Session: associated.Session, UserCode }));
    const wrong = String((Number(await code()) + 1) % 1_000_000).padStart(6, '0');
    await expect(verify(wrong)).rejects.toEqual(refused('EnableSoftwareTokenMFAException', 'Code mismatch'));
    const verified = await verify(await code());
    expect(verified.Status).toBe('SUCCESS');
    const done = await cloud.app.send(
      new RespondToAuthChallengeCommand({
        ClientId,
        ChallengeName: 'MFA_SETUP',
        Session: verified.Session,
        ChallengeResponses: { USERNAME: 'ann' },
      }),
    );
    expect(done.AuthenticationResult?.IdToken).toBeDefined();

    await cloud.cloud.clock.advance(31_000);
    const again = await cloud.signIn(ClientId, 'ann');
    expect(again.ChallengeName).toBe('SOFTWARE_TOKEN_MFA');
    const answer = async (Session: string | undefined, SOFTWARE_TOKEN_MFA_CODE: string) =>
      cloud.app.send(
        new RespondToAuthChallengeCommand({
          ClientId,
          ChallengeName: 'SOFTWARE_TOKEN_MFA',
          Session,
          ChallengeResponses: { USERNAME: 'ann', SOFTWARE_TOKEN_MFA_CODE },
        }),
      );
    const used = await code();
    expect((await answer(again.Session, used)).AuthenticationResult?.IdToken).toBeDefined();
    const third = await cloud.signIn(ClientId, 'ann');
    await expect(answer(third.Session, used)).rejects.toEqual(
      refused('CodeMismatchException', 'Invalid code received for user'),
    );
  });

  test('waits three minutes for the next answer', async () => {
    const pool = await cloud.newPool();
    const { ClientId } = await cloud.newClient(pool);
    await cloud.admin.send(
      new AdminCreateUserCommand({ UserPoolId: pool, Username: 'bob', TemporaryPassword: password }),
    );
    const { Session } = await cloud.signIn(ClientId, 'bob');
    await cloud.cloud.clock.advance(180_000);
    const answer = cloud.app.send(
      new RespondToAuthChallengeCommand({
        ClientId,
        ChallengeName: 'NEW_PASSWORD_REQUIRED',
        Session,
        ChallengeResponses: { USERNAME: 'bob', NEW_PASSWORD: password },
      }),
    );
    await expect(answer).rejects.toEqual(
      refused('NotAuthorizedException', 'Invalid session for the user, session is expired.'),
    );
  });

  test('needs the secret hash where the client has a secret', async () => {
    const pool = await cloud.newPool();
    const { ClientId, ClientSecret } = await cloud.newClient(pool, { GenerateSecret: true });
    await cloud.newUser(pool, 'ann');
    await expect(cloud.signIn(ClientId, 'ann')).rejects.toEqual(
      refused(
        'NotAuthorizedException',
        `Client ${ClientId} is configured with secret but SECRET_HASH was not received`,
      ),
    );
    const attempt = (hash: string) =>
      cloud.app.send(
        new InitiateAuthCommand({
          ClientId,
          AuthFlow: 'USER_PASSWORD_AUTH',
          AuthParameters: { USERNAME: 'ann', PASSWORD: password, SECRET_HASH: hash },
        }),
      );
    await expect(attempt(createSecretHash('ann', ClientId, 'other'))).rejects.toEqual(
      refused('NotAuthorizedException', `SecretHash does not match for the client: ${ClientId}`),
    );
    expect(
      (await attempt(createSecretHash('ann', ClientId, ClientSecret as string))).AuthenticationResult,
    ).toBeDefined();
  });
});

describe('a user', () => {
  test('signs up, confirms by code, forgets the password and sets another', async () => {
    const pool = await cloud.newPool({ AutoVerifiedAttributes: ['email'], UsernameAttributes: ['email'] });
    const { ClientId } = await cloud.newClient(pool);
    const Username = 'eve@example.com';
    const signedUp = await cloud.app.send(new SignUpCommand({ ClientId, Username, Password: password }));
    expect(signedUp).toMatchObject({
      UserConfirmed: false,
      CodeDeliveryDetails: { Destination: 'e***@e***', DeliveryMedium: 'EMAIL', AttributeName: 'email' },
    });
    await expect(cloud.signIn(ClientId, Username)).rejects.toEqual(
      refused('UserNotConfirmedException', 'User is not confirmed.'),
    );
    const confirm = (ConfirmationCode: string) =>
      cloud.app.send(new ConfirmSignUpCommand({ ClientId, Username, ConfirmationCode }));
    const code = lastCode(Username);
    await expect(confirm(code === '000000' ? '000001' : '000000')).rejects.toEqual(
      refused('CodeMismatchException', 'Invalid verification code provided, please try again.'),
    );
    await confirm(code);
    const { AuthenticationResult } = await cloud.signIn(ClientId, Username);
    expect(decodeJwt(AuthenticationResult?.IdToken as string)).toMatchObject({
      'cognito:username': signedUp.UserSub,
      email: Username,
      email_verified: true,
    });

    await cloud.app.send(new ForgotPasswordCommand({ ClientId, Username }));
    const reset = (Password: string) =>
      cloud.app.send(
        new ConfirmForgotPasswordCommand({ ClientId, Username, ConfirmationCode: lastCode(Username), Password }),
      );
    await expect(reset('short')).rejects.toThrow('Password not long enough');
    await reset('Another-Horse-2');
    await expect(cloud.signIn(ClientId, Username)).rejects.toEqual(incorrect);
    expect((await cloud.signIn(ClientId, Username, 'Another-Horse-2')).AuthenticationResult).toBeDefined();
    await expect(reset('Third-Horse-3')).rejects.toEqual(
      refused('ExpiredCodeException', 'Invalid code provided, please request a code again.'),
    );
    await expect(cloud.app.send(new SignUpCommand({ ClientId, Username, Password: password }))).rejects.toEqual(
      refused('UsernameExistsException', 'An account with the given email already exists.'),
    );
  });

  test('writes what the client may write, and nothing that cannot change', async () => {
    const pool = await cloud.newPool({
      Schema: [
        { Name: 'tenant_id', AttributeDataType: 'String', Mutable: false },
        { Name: 'team', AttributeDataType: 'String', StringAttributeConstraints: { MinLength: '2', MaxLength: '4' } },
      ],
    });
    const { ClientId } = await cloud.newClient(pool);
    const wide = await cloud.newClient(pool, { WriteAttributes: ['name', 'custom:team', 'custom:tenant_id'] });
    await cloud.newUser(pool, 'ann', [{ Name: 'custom:tenant_id', Value: 'acme' }]);
    const update = async (client: string, Name: string, Value: string) => {
      const { AccessToken } = (await cloud.signIn(client, 'ann')).AuthenticationResult ?? {};
      return cloud.app.send(new UpdateUserAttributesCommand({ AccessToken, UserAttributes: [{ Name, Value }] }));
    };
    await update(ClientId, 'name', 'Ann');
    const unauthorized = refused('NotAuthorizedException', 'A client attempted to write unauthorized attribute');
    await expect(update(ClientId, 'custom:team', 'blue')).rejects.toEqual(unauthorized);
    await expect(update(ClientId, 'email_verified', 'true')).rejects.toEqual(unauthorized);
    await update(wide.ClientId, 'custom:team', 'blue');
    await expect(update(wide.ClientId, 'custom:team', 'violet')).rejects.toEqual(
      refused(
        'InvalidParameterException',
        'Attributes did not conform to the schema: custom:team: String must be no longer than 4 characters\n',
      ),
    );
    await expect(update(wide.ClientId, 'custom:tenant_id', 'evil')).rejects.toEqual(
      refused(
        'InvalidParameterException',
        'Attributes did not conform to the schema: user.custom:tenant_id: Attribute cannot be updated.\n',
      ),
    );
  });

  test('changes the password knowing the old one, and none of those before', async () => {
    const pool = await cloud.newPool({ Policies: { PasswordPolicy: { MinimumLength: 8, PasswordHistorySize: 2 } } });
    const { ClientId } = await cloud.newClient(pool);
    await cloud.newUser(pool, 'ann');
    const { AccessToken } = (await cloud.signIn(ClientId, 'ann')).AuthenticationResult ?? {};
    const change = (PreviousPassword: string, ProposedPassword: string) =>
      cloud.app.send(new ChangePasswordCommand({ AccessToken, PreviousPassword, ProposedPassword }));
    await expect(change('wrong-one', 'second-one')).rejects.toEqual(incorrect);
    await change(password, 'second-one');
    await expect(change('second-one', password)).rejects.toMatchObject({
      name: 'PasswordHistoryPolicyViolationException',
    });
    await change('second-one', 'third-one');
    expect((await cloud.signIn(ClientId, 'ann', 'third-one')).AuthenticationResult).toBeDefined();
  });
});
