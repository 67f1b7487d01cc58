import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CreateOpenIDConnectProviderCommand,
  CreateRoleCommand,
  DeleteOpenIDConnectProviderCommand,
  GetOpenIDConnectProviderCommand,
  GetRoleCommand,
  IAMClient,
  ListOpenIDConnectProvidersCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  AssumeRoleWithWebIdentityCommand,
  type AssumeRoleWithWebIdentityCommandInput,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestCloud } from '../src/testing.ts';

const account = '000000000000';
const RoleArn = `arn:aws:iam::${account}:role/deployer`;

let cloud: Awaited<ReturnType<typeof startTestCloud>>;
let iam: IAMClient;
/** An identity provider as GitHub's is one: a discovery document, keys, and tokens signed with them. */
let issuer: string;
let server: Server;
let url: string;
let keys: Awaited<ReturnType<typeof generateKeyPair>>;

const document = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });

beforeAll(async () => {
  cloud = await startTestCloud();
  iam = cloud.client(IAMClient);
  keys = await generateKeyPair('RS256');
  const jwks = { keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'RS256' }] };
  server = createServer((request, response) => {
    const isKeys = request.url === '/keys';
    response.end(JSON.stringify(isKeys ? jwks : { issuer, jwks_uri: `${issuer}/keys` }));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  url = issuer.replace('http://', '');

  const { OpenIDConnectProviderArn } = await iam.send(
    new CreateOpenIDConnectProviderCommand({ Url: issuer, ClientIDList: ['sts.amazonaws.com'] }),
  );
  expect(OpenIDConnectProviderArn).toBe(`arn:aws:iam::${account}:oidc-provider/${url}`);
  const trust = {
    Effect: 'Allow',
    Principal: { Federated: OpenIDConnectProviderArn },
    Action: ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'],
    Condition: {
      StringEquals: { [`${url}:aud`]: 'sts.amazonaws.com' },
      StringLike: { [`${url}:sub`]: 'repo:stackyard/*' },
    },
  };
  await iam.send(new CreateRoleCommand({ RoleName: 'deployer', AssumeRolePolicyDocument: document(trust) }));
  const Condition = { StringEquals: { 'aws:PrincipalTag/team': 'platform' } };
  const allow = { Effect: 'Allow', Action: 'iam:GetRole', Resource: '*', Condition };
  await iam.send(new PutRolePolicyCommand({ RoleName: 'deployer', PolicyName: 'p', PolicyDocument: document(allow) }));
});
afterAll(async () => {
  server.close();
  await cloud.close();
});

async function token(claims: JWTPayload = {}, key = keys.privateKey): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const standard = { iss: issuer, sub: 'repo:stackyard/app', aud: 'sts.amazonaws.com', iat: now, exp: now + 300 };
  return new SignJWT({ ...standard, ...claims }).setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(key);
}

const take = (WebIdentityToken: string, more: Partial<AssumeRoleWithWebIdentityCommandInput> = {}) =>
  cloud
    .client(STSClient)
    .send(new AssumeRoleWithWebIdentityCommand({ RoleArn, RoleSessionName: 'run-7', WebIdentityToken, ...more }));

async function sessionOf(WebIdentityToken: string) {
  const { Credentials } = await take(WebIdentityToken);
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
  return { credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken } };
}

describe('AssumeRoleWithWebIdentity', () => {
  test('gives the session of a role to whoever has a token, without any AWS key', async () => {
    const answer = await take(await token());
    expect(answer).toMatchObject({
      SubjectFromWebIdentityToken: 'repo:stackyard/app',
      Audience: 'sts.amazonaws.com',
      Provider: issuer,
      AssumedRoleUser: { Arn: `arn:aws:sts::${account}:assumed-role/deployer/run-7` },
    });
    const session = cloud.client(STSClient, await sessionOf(await token()));
    expect((await session.send(new GetCallerIdentityCommand({}))).Arn).toContain('assumed-role/deployer/run-7');
    const body = new URLSearchParams({
      Action: 'AssumeRoleWithWebIdentity',
      Version: '2011-06-15',
      RoleArn,
      RoleSessionName: 'by-hand',
      WebIdentityToken: await token(),
    });
    const unsigned = await fetch(cloud.endpoint, { method: 'POST', body });
    expect(await unsigned.text()).toContain('<AssumedRoleUser>');
  });

  test('the token may carry session tags', async () => {
    const tags = { 'https://aws.amazon.com/tags': { principal_tags: { team: ['platform'] } } };
    const read = async (claims: JWTPayload) =>
      cloud.client(IAMClient, await sessionOf(await token(claims))).send(new GetRoleCommand({ RoleName: 'deployer' }));
    expect((await read(tags)).Role?.Arn).toBe(RoleArn);
    await expect(read({})).rejects.toThrow('no identity-based policy allows the iam:GetRole action');
  });

  test.each<[string, JWTPayload, string, string]>([
    [
      'another subject',
      { sub: 'repo:fork/app' },
      'AccessDenied',
      'Not authorized to perform sts:AssumeRoleWithWebIdentity',
    ],
    ['another audience', { aud: 'elsewhere' }, 'InvalidIdentityTokenException', 'Incorrect token audience'],
    ['an expiry that is over', { exp: 1 }, 'ExpiredTokenException', 'must be before the expiration date/time 1'],
    [
      'an unknown issuer',
      { iss: 'https://elsewhere.example' },
      'InvalidIdentityTokenException',
      'No OpenIDConnect provider found in your account for https://elsewhere.example',
    ],
  ])('a token with %s is refused', async (_, claims, name, message) => {
    await expect(take(await token(claims))).rejects.toMatchObject({ name, message: expect.stringContaining(message) });
  });

  test('what the issuer did not sign, or is no token, is refused', async () => {
    const other = await generateKeyPair('RS256');
    await expect(take(await token({}, other.privateKey))).rejects.toThrow('signature verification failed');
    await expect(take('nonsense')).rejects.toThrow('is not a valid JWT');
  });

  test('an issuer off this machine is never asked', async () => {
    const Url = 'https://idp.example';
    const ClientIDList = ['sts.amazonaws.com'];
    const { OpenIDConnectProviderArn } = await iam.send(new CreateOpenIDConnectProviderCommand({ Url, ClientIDList }));
    await expect(take(await token({ iss: Url }))).rejects.toMatchObject({
      name: 'IDPCommunicationErrorException',
      message: expect.stringContaining('only identity providers on 127.0.0.1'),
    });
    await iam.send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }));
  });
});

describe('identity providers', () => {
  test('are kept once, listed and read', async () => {
    const { OpenIDConnectProviderList } = await iam.send(new ListOpenIDConnectProvidersCommand({}));
    const OpenIDConnectProviderArn = OpenIDConnectProviderList?.[0]?.Arn;
    const provider = await iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }));
    expect(provider).toMatchObject({ Url: url, ClientIDList: ['sts.amazonaws.com'] });
    await expect(iam.send(new CreateOpenIDConnectProviderCommand({ Url: issuer }))).rejects.toMatchObject({
      name: 'EntityAlreadyExistsException',
    });
    await expect(iam.send(new CreateOpenIDConnectProviderCommand({ Url: 'http://idp.example' }))).rejects.toMatchObject(
      {
        name: 'InvalidInputException',
      },
    );
  });
});
