import {
  AdminConfirmSignUpCommand,
  AdminCreateUserCommand,
  AdminDeleteUserAttributesCommand,
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminGetUserCommand,
  AdminUpdateUserAttributesCommand,
  ConfirmSignUpCommand,
  DeleteUserAttributesCommand,
  DeleteUserCommand,
  GetUserAttributeVerificationCodeCommand,
  GetUserCommand,
  GlobalSignOutCommand,
  ListUsersCommand,
  ResendConfirmationCodeCommand,
  SignUpCommand,
  UpdateUserAttributesCommand,
  VerifyUserAttributeCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { expect } from 'vitest';
import { guide, password, reference, userPool } from './cognito-support.ts';
import { type Claim, refusal } from './contract.ts';

const email = (Value: string, verified = 'true') => [
  { Name: 'email', Value },
  { Name: 'email_verified', Value: verified },
];

/** Claims about users, what is known of them and how they come and go. */
export const userClaims: readonly Claim[] = [
  {
    operation: 'AdminCreateUser',
    beside: ['AdminGetUser'],
    claim: 'makes a user who has to choose a password, and refuses the name a second time',
    source: reference('AdminCreateUser'),
    async run(target) {
      const { cognito, UserPoolId } = await userPool(target);
      const user = { UserPoolId, Username: 'ann', MessageAction: 'SUPPRESS' as const };
      await cognito.send(new AdminCreateUserCommand(user));
      const made = await cognito.send(new AdminGetUserCommand(user));
      expect(made).toMatchObject({ Username: 'ann', Enabled: true, UserStatus: 'FORCE_CHANGE_PASSWORD' });
      const again = await refusal(cognito.send(new AdminCreateUserCommand(user)));
      expect(again).toEqual({ name: 'UsernameExistsException', message: 'User account already exists' });
    },
  },
  {
    operation: 'AdminUpdateUserAttributes',
    claim: 'refuses what the schema does not have, and what cannot change',
    source: guide('Working with user attributes'),
    async run(target) {
      const Schema = [{ Name: 'tenant_id', AttributeDataType: 'String' as const, Mutable: false }];
      const { cognito, UserPoolId, user } = await userPool(target, { Schema });
      await user('ann', [{ Name: 'custom:tenant_id', Value: 'acme' }]);
      const update = (Name: string) => {
        const UserAttributes = [{ Name, Value: 'other' }];
        const input = { UserPoolId, Username: 'ann', UserAttributes };
        return refusal(cognito.send(new AdminUpdateUserAttributesCommand(input)));
      };
      const unknown = await update('custom:colour');
      expect(unknown.name).toBe('InvalidParameterException');
      expect(unknown.message).toContain('custom:colour: Attribute does not exist in the schema.');
      expect((await update('custom:tenant_id')).message).toContain('Attribute cannot be updated.');
    },
  },
  {
    operation: 'AdminDeleteUserAttributes',
    beside: ['AdminGetUser'],
    claim: 'takes attributes away',
    source: reference('AdminDeleteUserAttributes'),
    async run(target) {
      const { cognito, UserPoolId, user } = await userPool(target);
      await user('ann', [{ Name: 'nickname', Value: 'A' }]);
      const one = { UserPoolId, Username: 'ann' };
      await cognito.send(new AdminDeleteUserAttributesCommand({ ...one, UserAttributeNames: ['nickname'] }));
      const { UserAttributes } = await cognito.send(new AdminGetUserCommand(one));
      expect(UserAttributes?.map(({ Name }) => Name)).not.toContain('nickname');
    },
  },
  {
    operation: 'AdminDisableUser',
    beside: ['AdminEnableUser', 'InitiateAuth'],
    claim: 'keeps somebody out until they are enabled again',
    source: reference('AdminDisableUser'),
    async run(target) {
      const { cognito, UserPoolId, appClient, user, signIn } = await userPool(target);
      const client = await appClient();
      await user('ann');
      const one = { UserPoolId, Username: 'ann' };
      await cognito.send(new AdminDisableUserCommand(one));
      expect(await refusal(signIn(client, 'ann'))).toEqual({
        name: 'NotAuthorizedException',
        message: 'User is disabled.',
      });
      await cognito.send(new AdminEnableUserCommand(one));
      expect((await signIn(client, 'ann')).AuthenticationResult).toBeDefined();
    },
  },
  {
    operation: 'AdminDeleteUser',
    beside: ['AdminGetUser'],
    claim: 'leaves nobody of that name',
    source: reference('AdminDeleteUser'),
    async run(target) {
      const { cognito, UserPoolId, user } = await userPool(target);
      await user('ann');
      const one = { UserPoolId, Username: 'ann' };
      await cognito.send(new AdminDeleteUserCommand(one));
      expect(await refusal(cognito.send(new AdminGetUserCommand(one)))).toEqual({
        name: 'UserNotFoundException',
        message: 'User does not exist.',
      });
    },
  },
  {
    operation: 'ListUsers',
    claim: 'finds users by the beginning of an attribute, page by page',
    source: reference('ListUsers'),
    async run(target) {
      const { cognito, UserPoolId, user } = await userPool(target);
      for (const name of ['ann', 'bob', 'carl']) await user(name, email(`${name}@example.com`));
      const list = async (Filter: string) => {
        const { Users } = await cognito.send(new ListUsersCommand({ UserPoolId, Filter }));
        return Users?.map(({ Username }) => Username);
      };
      expect(await list('email ^= "b"')).toEqual(['bob']);
      expect(await list('username = "carl"')).toEqual(['carl']);
      const seen: (string | undefined)[] = [];
      let PaginationToken: string | undefined;
      do {
        const page = await cognito.send(new ListUsersCommand({ UserPoolId, Limit: 2, PaginationToken }));
        seen.push(...(page.Users ?? []).map(({ Username }) => Username));
        PaginationToken = page.PaginationToken;
      } while (PaginationToken !== undefined);
      expect(seen.sort()).toEqual(['ann', 'bob', 'carl']);
      expect((await refusal(list('custom:x = "1"'))).name).toBe('InvalidParameterException');
    },
  },
  {
    operation: 'ListUsers',
    claim: 'refuses a page of 61',
    limit: '60 users a page',
    source: reference('ListUsers'),
    async run(target) {
      const { cognito, UserPoolId } = await userPool(target);
      const call = cognito.send(new ListUsersCommand({ UserPoolId, Limit: 61 }));
      expect((await refusal(call)).name).toBe('InvalidParameterException');
    },
  },
  {
    operation: 'SignUp',
    beside: ['AdminConfirmSignUp', 'InitiateAuth'],
    claim: 'makes a user who can sign in once they are confirmed',
    source: reference('SignUp'),
    async run(target) {
      const { cognito, UserPoolId, appClient, signIn } = await userPool(target);
      const ClientId = await appClient();
      const { UserConfirmed } = await cognito.send(
        new SignUpCommand({ ClientId, Username: 'ann', Password: password }),
      );
      expect(UserConfirmed).toBe(false);
      expect((await refusal(signIn(ClientId, 'ann'))).name).toBe('UserNotConfirmedException');
      await cognito.send(new AdminConfirmSignUpCommand({ UserPoolId, Username: 'ann' }));
      expect((await signIn(ClientId, 'ann')).AuthenticationResult?.TokenType).toBe('Bearer');
    },
  },
  {
    operation: 'SignUp',
    claim: 'is not permitted where only administrators create users',
    source: reference('SignUp'),
    async run(target) {
      const { cognito, appClient } = await userPool(target, {
        AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      });
      const call = new SignUpCommand({ ClientId: await appClient(), Username: 'ann', Password: password });
      expect(await refusal(cognito.send(call))).toEqual({
        name: 'NotAuthorizedException',
        message: 'SignUp is not permitted for this user pool',
      });
    },
  },
  {
    operation: 'ConfirmSignUp',
    beside: ['SignUp'],
    claim: 'refuses a code that was not sent',
    source: reference('ConfirmSignUp'),
    async run(target) {
      const { cognito, appClient } = await userPool(target);
      const ClientId = await appClient();
      await cognito.send(new SignUpCommand({ ClientId, Username: 'ann', Password: password }));
      const call = new ConfirmSignUpCommand({ ClientId, Username: 'ann', ConfirmationCode: '123456' });
      expect((await refusal(cognito.send(call))).name).toMatch(/^(ExpiredCode|CodeMismatch)Exception$/);
    },
  },
  {
    operation: 'ResendConfirmationCode',
    beside: ['SignUp'],
    claim: 'refuses where no address is verified by itself',
    source: reference('ResendConfirmationCode'),
    async run(target) {
      const { cognito, appClient } = await userPool(target);
      const ClientId = await appClient();
      await cognito.send(new SignUpCommand({ ClientId, Username: 'ann', Password: password }));
      const call = new ResendConfirmationCodeCommand({ ClientId, Username: 'ann' });
      expect((await refusal(cognito.send(call))).name).toBe('InvalidParameterException');
    },
  },
  {
    operation: 'GetUser',
    beside: ['GlobalSignOut'],
    claim: 'answers whose the access token is, until they sign out everywhere',
    source: reference('GlobalSignOut'),
    async run(target) {
      const { cognito, signedIn } = await userPool(target);
      const { AccessToken } = await signedIn();
      expect((await cognito.send(new GetUserCommand({ AccessToken }))).Username).toBe('ann');
      await cognito.send(new GlobalSignOutCommand({ AccessToken }));
      expect(await refusal(cognito.send(new GetUserCommand({ AccessToken })))).toEqual({
        name: 'NotAuthorizedException',
        message: 'Access Token has been revoked',
      });
    },
  },
  {
    operation: 'GetUser',
    claim: 'takes access tokens only',
    source: reference('GetUser'),
    async run(target) {
      const { cognito, signedIn } = await userPool(target);
      const { IdToken } = await signedIn();
      const refused = await refusal(cognito.send(new GetUserCommand({ AccessToken: IdToken })));
      expect(refused.name).toBe('NotAuthorizedException');
    },
  },
  {
    operation: 'UpdateUserAttributes',
    beside: ['GetUser', 'DeleteUserAttributes'],
    claim: 'writes what the client may write and refuses the rest',
    source: guide('Working with user attributes'),
    async run(target) {
      const { cognito, signedIn } = await userPool(target);
      const { AccessToken } = await signedIn({ WriteAttributes: ['nickname'] });
      const update = (Name: string) =>
        cognito.send(new UpdateUserAttributesCommand({ AccessToken, UserAttributes: [{ Name, Value: 'A' }] }));
      await update('nickname');
      const { UserAttributes } = await cognito.send(new GetUserCommand({ AccessToken }));
      expect(UserAttributes).toContainEqual({ Name: 'nickname', Value: 'A' });
      expect(await refusal(update('name'))).toEqual({
        name: 'NotAuthorizedException',
        message: 'A client attempted to write unauthorized attribute',
      });
      await cognito.send(new DeleteUserAttributesCommand({ AccessToken, UserAttributeNames: ['nickname'] }));
    },
  },
  {
    operation: 'GetUserAttributeVerificationCode',
    claim: 'refuses for an address the user does not have',
    source: reference('GetUserAttributeVerificationCode'),
    async run(target) {
      const { cognito, signedIn } = await userPool(target);
      const { AccessToken } = await signedIn();
      const call = new GetUserAttributeVerificationCodeCommand({ AccessToken, AttributeName: 'email' });
      expect((await refusal(cognito.send(call))).name).toBe('InvalidParameterException');
    },
  },
  {
    operation: 'VerifyUserAttribute',
    claim: 'refuses a code that was not sent',
    source: reference('VerifyUserAttribute'),
    async run(target) {
      const { cognito, signedIn } = await userPool(target);
      const { AccessToken } = await signedIn({}, email('ann@example.com', 'false'));
      const call = new VerifyUserAttributeCommand({ AccessToken, AttributeName: 'email', Code: '123456' });
      expect((await refusal(cognito.send(call))).name).toMatch(/^(ExpiredCode|CodeMismatch)Exception$/);
    },
  },
  {
    operation: 'DeleteUser',
    beside: ['AdminGetUser'],
    claim: 'lets users delete themselves',
    source: reference('DeleteUser'),
    async run(target) {
      const { cognito, UserPoolId, signedIn } = await userPool(target);
      const { AccessToken } = await signedIn();
      await cognito.send(new DeleteUserCommand({ AccessToken }));
      const look = cognito.send(new AdminGetUserCommand({ UserPoolId, Username: 'ann' }));
      expect((await refusal(look)).name).toBe('UserNotFoundException');
    },
  },
];
