import {
  type AttributeType,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  type CreateUserPoolClientCommandInput,
  CreateUserPoolCommand,
  type CreateUserPoolCommandInput,
} from '@aws-sdk/client-cognito-identity-provider';
import { addUser, signInAs } from '../contract/cognito-support.ts';
import { startTestCloud } from '../src/testing.ts';

export { password } from '../contract/cognito-support.ts';

/** A cloud, a client with keys and one without: what an app has. */
export async function startCognitoCloud() {
  const test = await startTestCloud();
  const admin = test.client(CognitoIdentityProviderClient);
  const app = new CognitoIdentityProviderClient({
    endpoint: test.endpoint,
    region: 'us-east-1',
    maxAttempts: 1,
    credentials: async () => {
      throw new Error('an app has no AWS credentials');
    },
  });

  async function newPool(more: Partial<CreateUserPoolCommandInput> = {}): Promise<string> {
    const { UserPool } = await admin.send(new CreateUserPoolCommand({ PoolName: 'people', ...more }));
    return UserPool?.Id as string;
  }

  async function newClient(UserPoolId: string, more: Partial<CreateUserPoolClientCommandInput> = {}) {
    const { UserPoolClient } = await admin.send(
      new CreateUserPoolClientCommand({
        UserPoolId,
        ClientName: 'app',
        ExplicitAuthFlows: [
          'ALLOW_USER_PASSWORD_AUTH',
          'ALLOW_USER_SRP_AUTH',
          'ALLOW_ADMIN_USER_PASSWORD_AUTH',
          'ALLOW_REFRESH_TOKEN_AUTH',
          'ALLOW_CUSTOM_AUTH',
        ],
        ...more,
      }),
    );
    return { ClientId: UserPoolClient?.ClientId as string, ClientSecret: UserPoolClient?.ClientSecret };
  }

  const newUser = (UserPoolId: string, Username: string, attributes?: AttributeType[]) =>
    addUser(admin, UserPoolId, Username, attributes);
  const signIn = (ClientId: string, name: string, word?: string) => signInAs(app, ClientId, name, word);

  return { ...test, admin, app, newPool, newClient, newUser, signIn };
}

export type CognitoCloud = Awaited<ReturnType<typeof startCognitoCloud>>;
