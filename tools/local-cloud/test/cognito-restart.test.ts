import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  GetUserCommand,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCloud } from '../src/cloud.ts';
import { password } from './cognito-support.ts';

let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'cognito-data-'));
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

async function open() {
  const cloud = await startCloud({ port: 0, dataDir, log: () => {} });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const cognito = new CognitoIdentityProviderClient({ endpoint: cloud.endpoint, region: 'us-east-1', credentials });
  return { cloud, cognito };
}

test('users sign in after a restart, and tokens of before it are still good', async () => {
  const first = await open();
  const { UserPool } = await first.cognito.send(new CreateUserPoolCommand({ PoolName: 'people' }));
  const UserPoolId = UserPool?.Id;
  const { UserPoolClient } = await first.cognito.send(
    new CreateUserPoolClientCommand({
      UserPoolId,
      ClientName: 'app',
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    }),
  );
  const user = { UserPoolId, Username: 'ann' };
  await first.cognito.send(new AdminCreateUserCommand({ ...user, MessageAction: 'SUPPRESS' }));
  await first.cognito.send(new AdminSetUserPasswordCommand({ ...user, Password: password, Permanent: true }));
  const signIn = new InitiateAuthCommand({
    ClientId: UserPoolClient?.ClientId,
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: 'ann', PASSWORD: password },
  });
  const { AuthenticationResult } = await first.cognito.send(signIn);
  await first.cloud.close();

  const second = await open();
  const { AccessToken } = AuthenticationResult ?? {};
  expect((await second.cognito.send(new GetUserCommand({ AccessToken }))).Username).toBe('ann');
  expect((await second.cognito.send(signIn)).AuthenticationResult?.IdToken).toBeDefined();
  await second.cloud.close();
});
