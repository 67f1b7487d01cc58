import {
  AdminCreateUserCommand,
  AdminInitiateAuthCommand,
  AdminResetUserPasswordCommand,
  AdminRespondToAuthChallengeCommand,
  AdminSetUserMFAPreferenceCommand,
  AdminSetUserPasswordCommand,
  AdminUserGlobalSignOutCommand,
  AssociateSoftwareTokenCommand,
  ChangePasswordCommand,
  ConfirmForgotPasswordCommand,
  ForgotPasswordCommand,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  RevokeTokenCommand,
  SetUserMFAPreferenceCommand,
  SetUserPoolMfaConfigCommand,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { decodeJwt } from 'jose';
import { generate } from 'otplib';
import { expect } from 'vitest';
import { guide, password, reference, userPool } from './cognito-support.ts';
import { type Claim, refusal } from './contract.ts';

const incorrect = { name: 'NotAuthorizedException', message: 'Incorrect username or password.' };

/** Claims about signing in and out, tokens and passwords. */
export const signInClaims: readonly Claim[] = [
  {
    operation: 'AdminSetUserPassword',
    claim: 'refuses what breaks the policy, saying which rule',
    source: guide('Adding user pool password requirements'),
    async run(target) {
      const { cognito, UserPoolId, user } = await userPool(target);
      await user('ann');
      const set = (Password: string) =>
        refusal(cognito.send(new AdminSetUserPasswordCommand({ UserPoolId, Username: 'ann', Password })));
      expect(await set('Short-1')).toEqual({
        name: 'InvalidPasswordException',
        message: 'Password did not conform with policy: Password not long enough',
      });
      expect((await set('no-upper-case-1')).message).toMatch(/Password must have uppercase characters$/);
      expect((await set('NO-LOWER-CASE-1')).message).toMatch(/Password must have lowercase characters$/);
      expect((await set('No-numbers-here')).message).toMatch(/Password must have numeric characters$/);
      expect((await set('NoSymbolsHere1')).message).toMatch(/Password must have symbol characters$/);
    },
  },
  {
    operation: 'InitiateAuth',
    claim: 'gives tokens of one hour that say whose they are, in which groups, for which client',
    source: guide('Understanding user pool JSON web tokens'),
    async run(target) {
      const { signedIn, UserPoolId } = await userPool(target);
      const { ClientId, IdToken = '', AccessToken = '', ExpiresIn } = await signedIn();
      const iss = `https://cognito-idp.${target.region}.amazonaws.com/${UserPoolId}`;
      const id = decodeJwt(IdToken);
      expect(ExpiresIn).toBe(3600);
      expect(id).toMatchObject({ iss, aud: ClientId, token_use: 'id', 'cognito:username': 'ann' });
      expect(decodeJwt(AccessToken)).toMatchObject({
        iss,
        sub: id.sub,
        client_id: ClientId,
        token_use: 'access',
        username: 'ann',
        scope: 'aws.cognito.signin.user.admin',
        origin_jti: id['origin_jti'],
        event_id: id['event_id'],
      });
    },
  },
  {
    operation: 'InitiateAuth',
    claim: 'says the same to a wrong password and to nobody, where the client keeps names secret',
    source: guide('Managing user existence error responses'),
    async run(target) {
      const { appClient, user, signIn } = await userPool(target);
      const client = await appClient({ PreventUserExistenceErrors: 'ENABLED' });
      await user('ann');
      expect(await refusal(signIn(client, 'ann', 'Wrong-Horse-1'))).toEqual(incorrect);
      expect(await refusal(signIn(client, 'nobody'))).toEqual(incorrect);
    },
  },
  {
    operation: 'InitiateAuth',
    claim: 'refuses a flow the client does not allow',
    source: reference('InitiateAuth'),
    async run(target) {
      const { appClient, user, signIn } = await userPool(target);
      const client = await appClient({ ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] });
      await user('ann');
      expect(await refusal(signIn(client, 'ann'))).toEqual({
        name: 'InvalidParameterException',
        message: 'USER_PASSWORD_AUTH flow not enabled for this client',
      });
    },
  },
  {
    operation: 'AdminInitiateAuth',
    beside: ['AdminRespondToAuthChallenge', 'AdminCreateUser'],
    claim: 'asks for a new password after a temporary one',
    source: reference('AdminRespondToAuthChallenge'),
    async run(target) {
      const { cognito, UserPoolId, appClient } = await userPool(target);
      const ClientId = await appClient({ ExplicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH'] });
      const TemporaryPassword = 'Temporary-Horse-1';
      const user = { UserPoolId, Username: 'ann', TemporaryPassword, MessageAction: 'SUPPRESS' as const };
      await cognito.send(new AdminCreateUserCommand(user));
      const { ChallengeName, Session } = await cognito.send(
        new AdminInitiateAuthCommand({
          UserPoolId,
          ClientId,
          AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
          AuthParameters: { USERNAME: 'ann', PASSWORD: TemporaryPassword },
        }),
      );
      expect(ChallengeName).toBe('NEW_PASSWORD_REQUIRED');
      const { AuthenticationResult } = await cognito.send(
        new AdminRespondToAuthChallengeCommand({
          UserPoolId,
          ClientId,
          ChallengeName,
          Session,
          ChallengeResponses: { USERNAME: 'ann', NEW_PASSWORD: password },
        }),
      );
      expect(AuthenticationResult?.IdToken).toBeDefined();
    },
  },
  {
    operation: 'RespondToAuthChallenge',
    claim: 'refuses a session nobody has',
    source: reference('RespondToAuthChallenge'),
    async run(target) {
      const { cognito, appClient, user } = await userPool(target);
      await user('ann');
      const call = new RespondToAuthChallengeCommand({
        ClientId: await appClient(),
        ChallengeName: 'NEW_PASSWORD_REQUIRED',
        Session: 'a'.repeat(200),
        ChallengeResponses: { USERNAME: 'ann', NEW_PASSWORD: password },
      });
      expect((await refusal(cognito.send(call))).name).toMatch(/^(NotAuthorized|InvalidParameter)Exception$/);
    },
  },
  {
    operation: 'AssociateSoftwareToken',
    beside: [
      'SetUserPoolMfaConfig',
      'VerifySoftwareToken',
      'SetUserMFAPreference',
      'AdminSetUserMFAPreference',
      'RespondToAuthChallenge',
    ],
    claim: 'sets up an authenticator app, whose codes are asked for until it is switched off',
    source: guide('TOTP software token MFA'),
    async run(target) {
      const { cognito, UserPoolId, signedIn, signIn } = await userPool(target);
      const SoftwareTokenMfaConfiguration = { Enabled: true };
      await cognito.send(
        new SetUserPoolMfaConfigCommand({ UserPoolId, MfaConfiguration: 'OPTIONAL', SoftwareTokenMfaConfiguration }),
      );
      const { AccessToken, ClientId } = await signedIn();
      const { SecretCode = '' } = await cognito.send(new AssociateSoftwareTokenCommand({ AccessToken }));
      await target.until(async () => {
        const UserCode = await generate({ secret: SecretCode });
        await cognito.send(new VerifySoftwareTokenCommand({ AccessToken, UserCode }));
      });
      const on = { SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: true } };
      await cognito.send(new SetUserMFAPreferenceCommand({ AccessToken, ...on }));
      const { ChallengeName, Session } = await signIn(ClientId, 'ann');
      expect(ChallengeName).toBe('SOFTWARE_TOKEN_MFA');
      const answer = new RespondToAuthChallengeCommand({
        ClientId,
        ChallengeName,
        Session,
        ChallengeResponses: { USERNAME: 'ann', SOFTWARE_TOKEN_MFA_CODE: 'wrong1' },
      });
      expect((await refusal(cognito.send(answer))).name).toBe('CodeMismatchException');
      const off = { UserPoolId, Username: 'ann', SoftwareTokenMfaSettings: { Enabled: false } };
      await cognito.send(new AdminSetUserMFAPreferenceCommand(off));
      expect((await signIn(ClientId, 'ann')).AuthenticationResult).toBeDefined();
    },
  },
  {
    operation: 'ForgotPassword',
    claim: 'refuses where there is no verified address to send a code to',
    source: reference('ForgotPassword'),
    async run(target) {
      const { cognito, appClient, user } = await userPool(target);
      const ClientId = await appClient();
      await user('ann');
      const refused = await refusal(cognito.send(new ForgotPasswordCommand({ ClientId, Username: 'ann' })));
      expect(refused).toEqual({
        name: 'InvalidParameterException',
        message: 'Cannot reset password for the user as there is no registered/verified email or phone_number',
      });
    },
  },
  {
    operation: 'ConfirmForgotPassword',
    claim: 'refuses a code that was not sent',
    source: reference('ConfirmForgotPassword'),
    async run(target) {
      const { cognito, appClient, user } = await userPool(target);
      const ClientId = await appClient();
      await user('ann');
      const input = { ClientId, Username: 'ann', ConfirmationCode: '123456', Password: password };
      const refused = await refusal(cognito.send(new ConfirmForgotPasswordCommand(input)));
      expect(refused.name).toMatch(/^(ExpiredCode|CodeMismatch)Exception$/);
    },
  },
  {
    operation: 'AdminResetUserPassword',
    beside: ['AdminCreateUser'],
    claim: 'refuses for somebody who never had a password of their own',
    source: reference('AdminResetUserPassword'),
    async run(target) {
      const { cognito, UserPoolId } = await userPool(target);
      const one = { UserPoolId, Username: 'ann' };
      await cognito.send(new AdminCreateUserCommand({ ...one, MessageAction: 'SUPPRESS' }));
      const refused = await refusal(cognito.send(new AdminResetUserPasswordCommand(one)));
      expect(refused.name).toBe('NotAuthorizedException');
    },
  },
  {
    operation: 'AdminUserGlobalSignOut',
    beside: ['InitiateAuth'],
    claim: 'voids refresh tokens',
    source: reference('AdminUserGlobalSignOut'),
    async run(target) {
      const { cognito, UserPoolId, signedIn } = await userPool(target);
      const { ClientId, RefreshToken = '' } = await signedIn();
      await cognito.send(new AdminUserGlobalSignOutCommand({ UserPoolId, Username: 'ann' }));
      const AuthParameters = { REFRESH_TOKEN: RefreshToken };
      const refresh = new InitiateAuthCommand({ ClientId, AuthFlow: 'REFRESH_TOKEN_AUTH', AuthParameters });
      expect(await refusal(cognito.send(refresh))).toEqual({
        name: 'NotAuthorizedException',
        message: 'Refresh Token has been revoked',
      });
    },
  },
  {
    operation: 'RevokeToken',
    beside: ['GetUser'],
    claim: 'voids the access tokens of that sign-in with its refresh token',
    source: guide('Revoking refresh tokens'),
    async run(target) {
      const { cognito, signedIn } = await userPool(target);
      const { ClientId, RefreshToken, AccessToken } = await signedIn();
      await cognito.send(new RevokeTokenCommand({ ClientId, Token: RefreshToken }));
      expect((await refusal(cognito.send(new GetUserCommand({ AccessToken })))).name).toBe('NotAuthorizedException');
    },
  },
  {
    operation: 'GetTokensFromRefreshToken',
    claim: 'gives another refresh token where they rotate, and takes the old one no more',
    source: guide('Refresh token rotation'),
    async run(target) {
      const { cognito, signedIn } = await userPool(target);
      const { ClientId, RefreshToken } = await signedIn({
        ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
        RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 },
      });
      const call = new GetTokensFromRefreshTokenCommand({ ClientId, RefreshToken });
      const { AuthenticationResult } = await cognito.send(call);
      expect(AuthenticationResult?.RefreshToken).toBeDefined();
      expect(AuthenticationResult?.RefreshToken).not.toBe(RefreshToken);
      expect((await refusal(cognito.send(call))).name).toMatch(/^(NotAuthorized|RefreshTokenReuse)Exception$/);
    },
  },
  {
    operation: 'ChangePassword',
    beside: ['InitiateAuth'],
    claim: 'wants the old password',
    source: reference('ChangePassword'),
    async run(target) {
      const { cognito, signedIn, signIn } = await userPool(target);
      const { AccessToken, ClientId } = await signedIn();
      const change = (PreviousPassword: string) =>
        cognito.send(new ChangePasswordCommand({ AccessToken, PreviousPassword, ProposedPassword: 'Another-Horse-2' }));
      expect(await refusal(change('Wrong-Horse-1'))).toEqual(incorrect);
      await change(password);
      expect((await signIn(ClientId, 'ann', 'Another-Horse-2')).AuthenticationResult).toBeDefined();
    },
  },
];
