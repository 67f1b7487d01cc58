import { randomBytes } from 'node:crypto';
import { setTimeout as timePasses } from 'node:timers/promises';
import { APIGatewayClient, type ApiKey, GetApiKeysCommand, GetUsageCommand } from '@aws-sdk/client-api-gateway';
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  AssociateSoftwareTokenCommand,
  type AuthenticationResultType,
  CognitoIdentityProviderClient,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { apiUrl, signedFetch, stackOutputs } from '@stackyard/proof-kit';
import { createSrpSession, signSrpSession, wrapAuthChallenge, wrapInitiateAuth } from 'cognito-srp-helper';
import { generate } from 'otplib';

export const stackName = `${process.env['STACKYARD_STAGE'] ?? 'dev'}-multi-tenant-api`;
const gateway = new APIGatewayClient({});
export const cognito = new CognitoIdentityProviderClient({});

/** The stack's outputs, read once. */
const outputs = stackOutputs(stackName);
export async function output(name: string): Promise<string> {
  const value = (await outputs)[name];
  if (value === undefined) throw new Error(`${stackName} has no output ${name}`);
  return value;
}

export const unique = () => randomBytes(5).toString('hex');
const password = () => `Aa1!${randomBytes(12).toString('hex')}`;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: each proof knows what it asked for.
  readonly body: any;
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
}

/** A request to the API as a tenant's app sends it. */
export async function call(path: string, token?: string, init: RequestInit = {}): Promise<Answer> {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const url = `${apiUrl(await output('ApiUrl'))}${path}`;
  return answerOf(await fetch(url, { ...init, headers: { ...authorization, ...init.headers } }));
}

/** The same, again as long as only the rate is in the way: the quota is what counts. */
export async function unhurried(path: string, token: string): Promise<Answer> {
  for (;;) {
    const answer = await call(path, token);
    if (answer.status !== 429 || answer.body.title === 'Limit Exceeded') return answer;
  }
}

/** A request to the admin API, signed. */
export async function admin(method: string, path: string, body?: unknown): Promise<Answer> {
  const url = `${apiUrl(await output('ApiUrl'))}admin/${path}`;
  const content = body === undefined ? {} : { body: JSON.stringify(body) };
  return answerOf(await signedFetch(url, { method, ...content }, 'execute-api'));
}

/** A new tenant's ID. */
export async function newTenant(plan: string): Promise<string> {
  const { status, body } = await admin('POST', 'tenants', { slug: `proof-${unique()}`, plan });
  if (status !== 201) throw new Error(`onboarding answered ${status}: ${JSON.stringify(body)}`);
  return body.tenantId;
}

/** Somebody with a password of their own; with a tenant, if one is given. */
export async function newUser(tenantId?: string): Promise<{ email: string; password: string }> {
  const user = { email: `${unique()}@example.com`, password: password() };
  const pool = { UserPoolId: await output('UserPoolId'), Username: user.email };
  const UserAttributes = [
    { Name: 'email', Value: user.email },
    ...(tenantId === undefined ? [] : [{ Name: 'custom:tenant_id', Value: tenantId }]),
  ];
  await cognito.send(new AdminCreateUserCommand({ ...pool, UserAttributes, MessageAction: 'SUPPRESS' }));
  await cognito.send(new AdminSetUserPasswordCommand({ ...pool, Password: user.password, Permanent: true }));
  return user;
}

/** Somebody the tenant has invited, with a password of their own. */
export async function invitedUser(tenantId: string): Promise<{ email: string; password: string }> {
  const user = { email: `${unique()}@example.com`, password: password() };
  await admin('POST', `tenants/${tenantId}/users`, { email: user.email });
  const pool = { UserPoolId: await output('UserPoolId'), Username: user.email };
  await cognito.send(new AdminSetUserPasswordCommand({ ...pool, Password: user.password, Permanent: true }));
  return user;
}

/** A user of a tenant, signed in: the ID token. */
export async function signedIn(tenantId?: string): Promise<string> {
  return (await tokens(await newUser(tenantId))).IdToken as string;
}

/** Signs in with the password proven by SRP, and sets up the authenticator app that the pool asks for. */
export async function tokens(
  { email, password: secret }: { email: string; password: string },
  client?: string,
): Promise<AuthenticationResultType> {
  const ClientId = client ?? (await output('ClientId'));
  const session = createSrpSession(email, secret, await output('UserPoolId'), false);
  const AuthParameters = { USERNAME: email };
  const start = { ClientId, AuthFlow: 'USER_SRP_AUTH' as const, AuthParameters };
  const challenge = await cognito.send(new InitiateAuthCommand(wrapInitiateAuth(session, start)));
  const proof = { ClientId, ChallengeName: 'PASSWORD_VERIFIER' as const, ChallengeResponses: { USERNAME: email } };
  const signed = wrapAuthChallenge(signSrpSession(session, challenge), proof);
  const proven = await cognito.send(new RespondToAuthChallengeCommand(signed));
  const { SecretCode = '', Session } = await cognito.send(
    new AssociateSoftwareTokenCommand({ Session: proven.Session }),
  );
  const UserCode = await generate({ secret: SecretCode, epoch: await secondsThere() });
  const verified = await cognito.send(new VerifySoftwareTokenCommand({ Session, UserCode }));
  const { AuthenticationResult } = await cognito.send(
    new RespondToAuthChallengeCommand({
      ClientId,
      ChallengeName: 'MFA_SETUP',
      Session: verified.Session,
      ChallengeResponses: AuthParameters,
    }),
  );
  return AuthenticationResult ?? {};
}

/** What a refresh token is good for. Rejects when that is nothing. */
export async function refreshed(token = ''): Promise<AuthenticationResultType> {
  const AuthParameters = { REFRESH_TOKEN: token };
  const ClientId = await output('ClientId');
  const { AuthenticationResult } = await cognito.send(
    new InitiateAuthCommand({ ClientId, AuthFlow: 'REFRESH_TOKEN_AUTH', AuthParameters }),
  );
  return AuthenticationResult ?? {};
}

/** The tenant's API key, which nobody but API Gateway should ever see. */
export async function keyOf(tenantId: string): Promise<ApiKey> {
  const nameQuery = `${stackName}/tenant/${tenantId}`;
  const { items: [key] = [] } = await gateway.send(new GetApiKeysCommand({ nameQuery, includeValues: true }));
  if (key === undefined) throw new Error(`${tenantId} has no API key`);
  return key;
}

/** How many requests API Gateway has counted for a tenant of the plan `standard` today. */
export async function countedOf(tenantId: string): Promise<number> {
  const usagePlanId = JSON.parse(await output('UsagePlans')).standard;
  const today = new Date((await secondsThere()) * 1000).toISOString().slice(0, 10);
  const { id: keyId } = await keyOf(tenantId);
  const { items = {} } = await gateway.send(
    new GetUsageCommand({ usagePlanId, keyId, startDate: today, endDate: today }),
  );
  return Object.values(items)[0]?.[0]?.[0] ?? 0;
}

/** The time where the API is, in seconds since the epoch: the embedded cloud's clock may have been moved. */
export async function secondsThere(): Promise<number> {
  const { headers } = await call('usage');
  return Math.floor(Date.parse(headers.get('date') ?? '') / 1000);
}

const [minute, day] = [60, 86_400];

/** Resolves when midnight (UTC) is at least a minute away: a new day begins with nothing used. */
export async function farFromMidnight(): Promise<void> {
  const left = day - ((await secondsThere()) % day);
  if (left < minute) await timePasses((left + 1) * 1000);
}

/** How much of the day's quota a tenant has used, as it is told itself. */
export async function used(token: string): Promise<number> {
  return (await call('usage', token)).body.used;
}
