import {
  APIGatewayClient,
  CreateApiKeyCommand,
  DeleteApiKeyCommand,
  GetApiKeyCommand,
  GetApiKeysCommand,
} from '@aws-sdk/client-api-gateway';
import { CognitoIdentityProviderClient, DeleteGroupCommand } from '@aws-sdk/client-cognito-identity-provider';
import { expect, onTestFinished, test } from 'vitest';
import { admin, call, newTenant, output, signedIn, stackName } from './deployed.ts';

test('given a tenant whose key and group somebody deleted, when it is reconciled, then it is served again, and no other was touched, nor another stack’s keys', async () => {
  const [acme, other] = [await newTenant('standard'), await newTenant('standard')];
  const token = await signedIn(acme);
  const gateway = new APIGatewayClient({});
  const { items = [] } = await gateway.send(new GetApiKeysCommand({ nameQuery: `${stackName}/tenant/${acme}` }));
  await gateway.send(new DeleteApiKeyCommand({ apiKey: items[0]?.id }));
  const group = { UserPoolId: await output('UserPoolId'), GroupName: acme };
  await new CognitoIdentityProviderClient({}).send(new DeleteGroupCommand(group));
  expect((await call('products', token)).status).toBe(403);

  // Of a stack of the same kind in this account: none of this one's business.
  const theirs = { name: `other-stack/tenant/${acme}`, value: `${acme}.of-another-stack`, enabled: true };
  const { id: apiKey } = await gateway.send(new CreateApiKeyCommand(theirs));
  onTestFinished(async () => {
    await gateway.send(new DeleteApiKeyCommand({ apiKey }));
  });

  const { status, body } = await admin('POST', 'reconciliations');
  expect(status).toBe(200);
  expect(body.repaired[acme]).toEqual(['created an API key', 'put an API key into standard']);
  expect(body.repaired).not.toHaveProperty(other);
  expect((await call('products', token)).status).toBe(200);
  expect(await gateway.send(new GetApiKeyCommand({ apiKey }))).toMatchObject({ name: theirs.name });
  // All is as it should be now.
  expect((await admin('POST', 'reconciliations')).body.repaired).toEqual({});
});
