import { APIGatewayClient, DeleteApiKeyCommand, GetApiKeysCommand } from '@aws-sdk/client-api-gateway';
import { CognitoIdentityProviderClient, DeleteGroupCommand } from '@aws-sdk/client-cognito-identity-provider';
import { expect, test } from 'vitest';
import { admin, call, newTenant, output, signedIn } from './deployed.ts';

test('given a tenant whose key and group somebody deleted, when it is reconciled, then it is served again and no other was touched', async () => {
  const [acme, other] = [await newTenant('standard'), await newTenant('standard')];
  const token = await signedIn(acme);
  const gateway = new APIGatewayClient({});
  const { items = [] } = await gateway.send(new GetApiKeysCommand({ nameQuery: `tenant/${acme}` }));
  await gateway.send(new DeleteApiKeyCommand({ apiKey: items[0]?.id }));
  const group = { UserPoolId: await output('UserPoolId'), GroupName: acme };
  await new CognitoIdentityProviderClient({}).send(new DeleteGroupCommand(group));
  expect((await call('products', token)).status).toBe(403);

  const { status, body } = await admin('POST', 'reconciliations');
  expect(status).toBe(200);
  expect(body.repaired[acme]).toEqual(['created an API key', 'put an API key into standard']);
  expect(body.repaired).not.toHaveProperty(other);
  expect((await call('products', token)).status).toBe(200);
  // All is as it should be now.
  expect((await admin('POST', 'reconciliations')).body.repaired).toEqual({});
});
