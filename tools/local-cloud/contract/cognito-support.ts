import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  type AttributeType,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  type CreateUserPoolClientCommandInput,
  CreateUserPoolCommand,
  type CreateUserPoolCommandInput,
  DeleteUserPoolCommand,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import type { Target } from './contract.ts';

export const reference = (operation: string) => `Amazon Cognito User Pools API Reference, ${operation}`;
export const guide = (page: string) => `Amazon Cognito Developer Guide, ${page}`;

export const password = 'Correct-Horse-1';

/** Somebody who can sign in. */
export async function addUser(
  admin: CognitoIdentityProviderClient,
  UserPoolId: string,
  Username: string,
  UserAttributes: AttributeType[] = [],
): Promise<void> {
  await admin.send(new AdminCreateUserCommand({ UserPoolId, Username, UserAttributes, MessageAction: 'SUPPRESS' }));
  await admin.send(new AdminSetUserPasswordCommand({ UserPoolId, Username, Password: password, Permanent: true }));
}

/** What a name and a password are answered. */
export function signInAs(app: CognitoIdentityProviderClient, ClientId: string, USERNAME: string, PASSWORD = password) {
  return app.send(
    new InitiateAuthCommand({ ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: { USERNAME, PASSWORD } }),
  );
}

/** A pool, deleted afterwards, and what most claims do in it. */
export async function userPool(target: Target, more: Partial<CreateUserPoolCommandInput> = {}) {
  const cognito = target.client(CognitoIdentityProviderClient);
  const { UserPool } = await cognito.send(new CreateUserPoolCommand({ PoolName: target.name(), ...more }));
  const UserPoolId = UserPool?.Id as string;
  target.afterwards(() => cognito.send(new DeleteUserPoolCommand({ UserPoolId })));

  async function appClient(settings: Partial<CreateUserPoolClientCommandInput> = {}) {
    const ExplicitAuthFlows = ['ALLOW_USER_PASSWORD_AUTH' as const, 'ALLOW_REFRESH_TOKEN_AUTH' as const];
    const { UserPoolClient } = await cognito.send(
      new CreateUserPoolClientCommand({ UserPoolId, ClientName: 'app', ExplicitAuthFlows, ...settings }),
    );
    return UserPoolClient?.ClientId as string;
  }

  const user = (Username: string, attributes?: AttributeType[]) => addUser(cognito, UserPoolId, Username, attributes);
  const signIn = (ClientId: string, name: string, word?: string) => signInAs(cognito, ClientId, name, word);

  /** The tokens of somebody new. */
  async function signedIn(settings: Partial<CreateUserPoolClientCommandInput> = {}, attributes: AttributeType[] = []) {
    const ClientId = await appClient(settings);
    await user('ann', attributes);
    const { AuthenticationResult: tokens } = await signIn(ClientId, 'ann');
    return { ClientId, ...tokens };
  }

  return { cognito, UserPool, UserPoolId, appClient, user, signIn, signedIn };
}
