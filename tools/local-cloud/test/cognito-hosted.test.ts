import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import {
  AdminCreateUserCommand,
  CreateResourceServerCommand,
  CreateUserPoolDomainCommand,
  GetUserCommand,
  SetUserPoolMfaConfigCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose';
import * as openid from 'openid-client';
import { generate } from 'otplib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browser } from '../contract/cognito-browser.ts';
import { type CognitoCloud, password, startCognitoCloud } from './cognito-support.ts';

let cloud: CognitoCloud;
beforeAll(async () => {
  cloud = await startCognitoCloud();
});
afterAll(() => cloud.close());

const redirect_uri = 'https://app.example.com/callback';
let count = 0;

/** A pool with a domain and an app, as openid-client sees it. */
async function newApp(more: object = {}, tenant = false) {
  const Schema = tenant ? [{ Name: 'tenant_id', AttributeDataType: 'String' as const }] : undefined;
  const pool = await cloud.newPool({ Schema });
  const Domain = `people-${++count}`;
  await cloud.admin.send(new CreateUserPoolDomainCommand({ UserPoolId: pool, Domain }));
  const { ClientId, ClientSecret } = await cloud.newClient(pool, {
    AllowedOAuthFlowsUserPoolClient: true,
    AllowedOAuthFlows: ['code'],
    AllowedOAuthScopes: ['openid', 'email', 'profile'],
    CallbackURLs: [redirect_uri],
    LogoutURLs: ['https://app.example.com/bye'],
    ...more,
  });
  const metadata = await fetch(`${cloud.endpoint}/${pool}/.well-known/openid-configuration`);
  const server = (await metadata.json()) as openid.ServerMetadata;
  const authentication = ClientSecret ? openid.ClientSecretBasic(ClientSecret) : openid.None();
  const app = new openid.Configuration(server, ClientId, undefined, authentication);
  openid.allowInsecureRequests(app);
  return { pool, ClientId, ClientSecret, app, server, domain: `${cloud.endpoint}/cognito-domain/${Domain}` };
}

/** The URL an app sends the browser to, and what it keeps for the way back. */
async function begin(app: openid.Configuration, scope = 'openid email') {
  const pkceCodeVerifier = openid.randomPKCECodeVerifier();
  const expectedState = openid.randomState();
  const expectedNonce = openid.randomNonce();
  const url = openid.buildAuthorizationUrl(app, {
    redirect_uri,
    scope,
    state: expectedState,
    nonce: expectedNonce,
    code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  });
  return { url, checks: { pkceCodeVerifier, expectedState, expectedNonce } };
}

describe('the authorization code flow with PKCE', () => {
  test('signs somebody in by the page, and a second app without asking again', async () => {
    const { pool, app, ClientId } = await newApp();
    await cloud.newUser(pool, 'ann', [{ Name: 'email', Value: 'ann@example.com' }]);
    const visitor = browser();
    const { url, checks } = await begin(app);
    await visitor.open(url);
    expect(visitor.title()).toBe('Sign in');
    await visitor.submit({ username: 'ann', password: 'Wrong-Horse-1' });
    expect(visitor.alert()).toBe('Incorrect username or password.');
    const back = await visitor.submit({ username: 'ann', password });
    expect(back?.href).toMatch(/^https:\/\/app\.example\.com\/callback\?code=/);
    const tokens = await openid.authorizationCodeGrant(app, back as URL, checks);
    expect(tokens.claims()).toMatchObject({
      iss: `https://cognito-idp.us-east-1.amazonaws.com/${pool}`,
      aud: ClientId,
      email: 'ann@example.com',
      nonce: checks.expectedNonce,
    });
    const info = await openid.fetchUserInfo(app, tokens.access_token, tokens.claims()?.sub as string);
    expect(info).toMatchObject({ username: 'ann', email: 'ann@example.com' });
    expect(decodeJwt(tokens.access_token)).toMatchObject({ scope: 'openid email', version: 2 });
    await expect(openid.authorizationCodeGrant(app, back as URL, checks)).rejects.toMatchObject({
      error: 'invalid_grant',
    });

    const refreshed = await openid.refreshTokenGrant(app, tokens.refresh_token as string);
    expect(refreshed.claims()?.sub).toBe(tokens.claims()?.sub);
    const again = await begin(app);
    expect((await visitor.open(again.url))?.searchParams.get('code')).toBeDefined();

    await openid.tokenRevocation(app, tokens.refresh_token as string);
    await expect(openid.refreshTokenGrant(app, tokens.refresh_token as string)).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    await expect(openid.fetchUserInfo(app, tokens.access_token, openid.skipSubjectCheck)).rejects.toThrow();
  });

  test('tells all that the client reads when openid is all that is asked for, and custom attributes with profile', async () => {
    const attributes = ['email', 'custom:tenant_id'];
    const { pool, app } = await newApp({ ReadAttributes: attributes }, true);
    await cloud.newUser(pool, 'ann', [
      { Name: 'email', Value: 'ann@example.com' },
      { Name: 'custom:tenant_id', Value: 'acme' },
    ]);
    const visitor = browser();
    const claimsFor = async (scope: string) => {
      const { url, checks } = await begin(app, scope);
      const back = (await visitor.open(url)) ?? (await visitor.submit({ username: 'ann', password }));
      return (await openid.authorizationCodeGrant(app, back as URL, checks)).claims();
    };
    expect(await claimsFor('openid')).toMatchObject({ email: 'ann@example.com', 'custom:tenant_id': 'acme' });
    expect(await claimsFor('openid profile')).toMatchObject({ 'custom:tenant_id': 'acme' });
    expect(await claimsFor('openid email')).not.toHaveProperty('custom:tenant_id');
  });

  test('asks for a new password and sets up an authenticator app on the way', async () => {
    const { pool, app } = await newApp();
    const SoftwareTokenMfaConfiguration = { Enabled: true };
    await cloud.admin.send(
      new SetUserPoolMfaConfigCommand({ UserPoolId: pool, MfaConfiguration: 'ON', SoftwareTokenMfaConfiguration }),
    );
    await cloud.admin.send(
      new AdminCreateUserCommand({ UserPoolId: pool, Username: 'bob', TemporaryPassword: 'Temporary-1' }),
    );
    const visitor = browser();
    const first = await begin(app);
    await visitor.open(first.url);
    await visitor.submit({ username: 'bob', password: 'Temporary-1' });
    expect(visitor.title()).toBe('Change your password');
    await visitor.submit({ password: 'short', confirmation: 'short' });
    expect(visitor.alert()).toBe('Password did not conform with policy: Password not long enough');
    await visitor.submit({ password, confirmation: password });
    expect(visitor.title()).toBe('Set up an authenticator app');
    const secret = /[A-Z2-7]{52}/.exec(visitor.text())?.[0] as string;
    const code = () => generate({ secret, epoch: Math.floor(cloud.cloud.clock.now() / 1000) });
    const back = await visitor.submit({ code: await code() });
    expect((await openid.authorizationCodeGrant(app, back as URL, first.checks)).id_token).toBeDefined();

    await cloud.cloud.clock.advance(31_000);
    const second = await begin(app);
    const other = browser();
    await other.open(second.url);
    await other.submit({ username: 'bob', password });
    expect(other.title()).toBe('Confirm it is you');
    await other.submit({ code: '000000x' });
    expect(other.alert()).toBe('Invalid code received for user');
    const home = await other.submit({ code: await code() });
    expect((await openid.authorizationCodeGrant(app, home as URL, second.checks)).id_token).toBeDefined();
  });

  test('refuses another verifier, another redirect URI and codes older than five minutes', async () => {
    const { pool, app, ClientId, domain } = await newApp();
    await cloud.newUser(pool, 'ann');
    const visitor = browser();
    const codeFor = async () => {
      const { url, checks } = await begin(app);
      const back = (await visitor.open(url)) ?? (await visitor.submit({ username: 'ann', password }));
      return { code: back?.searchParams.get('code') as string, verifier: checks.pkceCodeVerifier };
    };
    const redeem = async (form: Record<string, string>) => {
      const body = new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: ClientId,
        redirect_uri,
        ...form,
      });
      const answer = await fetch(`${domain}/oauth2/token`, { method: 'POST', body });
      return { status: answer.status, ...((await answer.json()) as { error?: string }) };
    };
    const invalid = { status: 400, error: 'invalid_grant' };
    const one = await codeFor();
    expect(await redeem({ code: one.code, code_verifier: 'x'.repeat(43) })).toEqual(invalid);
    const two = await codeFor();
    expect(await redeem({ code: two.code })).toEqual(invalid);
    const three = await codeFor();
    const elsewhere = { redirect_uri: 'https://evil.example.com/' };
    expect(await redeem({ code: three.code, code_verifier: three.verifier, ...elsewhere })).toEqual(invalid);
    const four = await codeFor();
    await cloud.cloud.clock.advance(300_000);
    expect(await redeem({ code: four.code, code_verifier: four.verifier })).toEqual(invalid);
  });
});

describe('the pages', () => {
  test('take no form that another site made', async () => {
    const { pool, app, domain } = await newApp();
    await cloud.newUser(pool, 'ann');
    const { url } = await begin(app);
    const body = new URLSearchParams({ username: 'ann', password, _csrf: 'guessed' });
    const answer = await fetch(`${domain}/login${url.search}`, { method: 'POST', body, redirect: 'manual' });
    expect(answer.status).toBe(403);
  });

  test('never send the browser to where the app is not', async () => {
    const { app } = await newApp();
    const { url } = await begin(app);
    url.searchParams.set('redirect_uri', 'https://evil.example.com/');
    const answer = await fetch(url, { redirect: 'manual' });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('redirect_mismatch');
  });

  test('tell the app what is wrong with its request', async () => {
    const { app } = await newApp();
    const { url } = await begin(app, 'openid orders/read');
    const answer = await fetch(url, { redirect: 'manual' });
    const back = new URL(answer.headers.get('location') as string);
    expect(back.searchParams.get('error')).toBe('invalid_scope');
    expect(back.searchParams.get('state')).toBe(url.searchParams.get('state'));
  });

  test('are also at AWS’s host name, with paths and cookies as they are there', async () => {
    const { app, domain } = await newApp();
    const { url } = await begin(app);
    const host = `${domain.split('/').at(-1)}.auth.us-east-1.amazoncognito.com`;
    const { port } = new URL(cloud.endpoint);
    const path = `/login${url.search}`;
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      get({ host: '127.0.0.1', port, path, headers: { host } }, resolve).on('error', reject);
    });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['set-cookie']?.[0]).toMatch(/Path=\/;/);
    expect(await text(answer)).toContain('<form method="post" action="/login?');
  });

  test('sign out to a URL of the client only, and ask again afterwards', async () => {
    const { pool, app, ClientId, domain } = await newApp();
    await cloud.newUser(pool, 'ann');
    const visitor = browser();
    await visitor.open((await begin(app)).url);
    await visitor.submit({ username: 'ann', password });
    const logout = (uri: string) =>
      new URL(`${domain}/logout?${new URLSearchParams({ client_id: ClientId, logout_uri: uri })}`);
    await visitor.open(logout('https://evil.example.com/'));
    expect(visitor.title()).toBe('Something went wrong');
    expect((await visitor.open(logout('https://app.example.com/bye')))?.href).toBe('https://app.example.com/bye');
    await visitor.open((await begin(app)).url);
    expect(visitor.title()).toBe('Sign in');
  });
});

test('machines get tokens for scopes of an API, and only those', async () => {
  const pool = await cloud.newPool();
  const Scopes = ['read', 'write'].map((ScopeName) => ({ ScopeName, ScopeDescription: ScopeName }));
  await cloud.admin.send(
    new CreateResourceServerCommand({ UserPoolId: pool, Identifier: 'orders', Name: 'Orders', Scopes }),
  );
  await cloud.admin.send(new CreateUserPoolDomainCommand({ UserPoolId: pool, Domain: 'machines' }));
  const { ClientId, ClientSecret } = await cloud.newClient(pool, {
    GenerateSecret: true,
    AllowedOAuthFlowsUserPoolClient: true,
    AllowedOAuthFlows: ['client_credentials'],
    AllowedOAuthScopes: ['orders/read'],
  });
  const metadata = await fetch(`${cloud.endpoint}/${pool}/.well-known/openid-configuration`);
  const server = (await metadata.json()) as openid.ServerMetadata;
  const machine = new openid.Configuration(
    server,
    ClientId,
    undefined,
    openid.ClientSecretBasic(ClientSecret as string),
  );
  openid.allowInsecureRequests(machine);
  const { access_token } = await openid.clientCredentialsGrant(machine, { scope: 'orders/read' });
  expect(decodeJwt(access_token)).toMatchObject({ sub: ClientId, client_id: ClientId, scope: 'orders/read' });
  await expect(openid.clientCredentialsGrant(machine, { scope: 'orders/write' })).rejects.toMatchObject({
    error: 'invalid_scope',
  });
  const stranger = new openid.Configuration(server, ClientId, undefined, openid.ClientSecretBasic('guessed'));
  openid.allowInsecureRequests(stranger);
  await expect(openid.clientCredentialsGrant(stranger, {})).rejects.toMatchObject({ error: 'invalid_client' });
  await expect(cloud.app.send(new GetUserCommand({ AccessToken: access_token }))).rejects.toMatchObject({
    name: 'NotAuthorizedException',
  });
});

test('after a rotation new keys sign, and what the old ones signed is still verified', async () => {
  const pool = await cloud.newPool();
  const { ClientId } = await cloud.newClient(pool);
  await cloud.newUser(pool, 'ann');
  const idToken = async () => (await cloud.signIn(ClientId, 'ann')).AuthenticationResult?.IdToken as string;
  const before = await idToken();
  const rotated = await fetch(`${cloud.endpoint}/_stackyard/signing-keys`, {
    method: 'POST',
    headers: { 'x-stackyard': 'control' },
    body: JSON.stringify({ userPoolId: pool }),
  });
  expect(rotated.status).toBe(200);
  const after = await idToken();
  const jwks = await fetch(`${cloud.endpoint}/${pool}/.well-known/jwks.json`).then((answer) => answer.json());
  const keys = createLocalJWKSet(jwks as Parameters<typeof createLocalJWKSet>[0]);
  const currentDate = new Date(cloud.cloud.clock.now());
  const kids = await Promise.all(
    [before, after].map(async (token) => (await jwtVerify(token, keys, { currentDate })).protectedHeader.kid),
  );
  expect(new Set(kids).size).toBe(2);
});
